/**
 * A VM with devices, as a client adds it, for tests.
 *
 * @module
 */
import type { Pci, Vm } from "../xenops_interface/mod.ts";
import { vbdFixture, vifFixture, vmFixture } from "./fixture.ts";
import { ask } from "./test_client.ts";
import type { Xenopsd } from "./xenopsd.ts";

/** Two disks, the one to read from first; two interfaces, the second one first; a PCI device. */
export function addVm(machine: Xenopsd, id: string, fields: Partial<Vm> = {}): void {
  ask(machine, "VM.add", { vm: vmFixture(id, fields) });
  const xvdb = vbdFixture(id, "xvdb", { mode: "ReadOnly" });
  ask(machine, "VBD.add", { vbd: xvdb });
  ask(machine, "VBD.add", { vbd: vbdFixture(id, "xvda") });
  ask(machine, "VIF.add", { vif: vifFixture(id, "1") });
  ask(machine, "VIF.add", { vif: vifFixture(id, "0") });
  ask(machine, "PCI.add", { pci: pciFixture(id, "0000:00:02.0") });
}

function pciFixture(vm: string, dev: string, position = 0): Pci {
  const address = { domain: 0, bus: 0, dev: 2, fn: position };
  return { id: [vm, dev], position, address, msitranslate: undefined, power_mgmt: undefined };
}
