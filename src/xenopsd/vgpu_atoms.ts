/**
 * The atoms of virtual GPUs, and of what is plugged with them.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml (atomics_of_operation).
 *
 * @module
 */
import type { Database } from "./database.ts";
import { isSriov } from "./device_traits.ts";
import type { Leaf } from "./operation.ts";

/** Virtual functions of network cards are plugged before there is a device model. */
export function vgpus(db: Database, vm: string): Leaf[] {
  const virtual = db.devices("pci", vm).filter((pci) => isSriov(pci, db, vm));
  return [
    ...db
      .deviceNames("vgpu", vm)
      .map((dev): Leaf => ({ a: "VGPU_set_active", vm, dev, active: true })),
    ...virtual.map(({ id: [, dev] }): Leaf => ({ a: "PCI_plug", vm, dev, qmp: false })),
  ];
}
