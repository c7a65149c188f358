/**
 * What a device is besides its record: what stands behind it.
 *
 * @module
 */
import type { Pci, PciAddress, Vgpu } from "../xenops_interface/mod.ts";
import type { Database } from "./database.ts";

/** A virtual function that a VIF of the VM uses. */
export function isSriov({ address }: Pci, db: Database, vm: string): boolean {
  return db.devices("vif", vm).some(({ backend }) => {
    if (backend[0] !== "Sriov") return false;
    const { domain, bus, dev, fn } = backend[1];
    const same = domain === address.domain && bus === address.bus;
    return same && dev === address.dev && fn === address.fn;
  });
}

/** The card that must leave quarantine before the vGPU can be made on it. */
export function vgpuAddress({
  implementation,
  physical_pci_address,
}: Vgpu): PciAddress | undefined {
  if (implementation === "Empty" || implementation[0] === "MxGPU") return undefined;
  return physical_pci_address;
}
