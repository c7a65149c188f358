/**
 * The VM that operations are tried on: two disks, two network interfaces, a PCI device and a USB
 * device.
 *
 * @module
 */
import {
  type Pci,
  pciOf,
  type Vbd,
  type Vif,
  type Vm,
  type Vusb,
  vbdOf,
  vifOf,
  vmOf,
  vusbOf,
} from "../xenops_interface/mod.ts";

export function sampleVm(id: string): Vm {
  return vmOf(id, { platformdata: [["acpi", "1"]] });
}

/** Each VM has disks of its own, as two that run must not have the same one (I28). */
export function sampleVbds(vm: string, storage = vm): Vbd[] {
  const backend = (device: string): Vbd["backend"] => ["Local", `/dev/${storage}/${device}`];
  return [
    vbdOf(vm, "xvda", { backend: backend("xvda") }),
    vbdOf(vm, "xvdb", { backend: backend("xvdb"), mode: "ReadOnly" }),
  ];
}

export function sampleVifs(vm: string): Vif[] {
  return [vifOf(vm, 0), vifOf(vm, 1)];
}

export function samplePci(vm: string): Pci {
  return pciOf(vm, 1, { position: 0 });
}

export function sampleVusb(vm: string): Vusb {
  return vusbOf(vm, "vusb0");
}
