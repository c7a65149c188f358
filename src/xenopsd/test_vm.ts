/**
 * A VM with devices, as a client adds it, for tests.
 *
 * @module
 */
import {
  pciOf,
  RpcDict,
  type Vbd,
  VGPU,
  type Vgpu,
  type Vm,
  vbdOf,
  vifOf,
  vmOf,
} from "../xenops_interface/mod.ts";
import { ask } from "./test_client.ts";
import type { Xenopsd } from "./xenopsd.ts";

/** Two disks, the one to read from first; two interfaces, the second one first; a PCI device. */
export function addVm(machine: Xenopsd, id: string, changes: Partial<Vm> = {}): void {
  ask(machine, "VM.add", { vm: vmOf(id, changes) });
  ask(machine, "VBD.add", { vbd: ownDisk(id, "xvdb", { mode: "ReadOnly" }) });
  ask(machine, "VBD.add", { vbd: ownDisk(id, "xvda") });
  ask(machine, "VIF.add", { vif: vifOf(id, 1) });
  ask(machine, "VIF.add", { vif: vifOf(id, 0) });
  ask(machine, "PCI.add", { pci: pciOf(id, 2, { position: 0 }) });
}

/** A disk of storage that no other VM has. */
export function ownDisk(vm: string, device: string, changes: Partial<Vbd> = {}): Vbd {
  return vbdOf(vm, device, { backend: ["VDI", `sr/${vm}-${device}`], ...changes });
}

/** A virtual graphics device that is nothing but there. */
export function emptyVgpu(vm: string): Vgpu {
  return { ...VGPU.decode(new RpcDict([])), id: [vm, "0"] };
}
