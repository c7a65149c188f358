/**
 * A VM with devices for tests, as a client describes it.
 *
 * @module
 */
import {
  RpcDict,
  VBD,
  type Vbd,
  VGPU,
  type Vgpu,
  VIF,
  type Vif,
  VM,
  type Vm,
  type Vusb,
} from "../xenops_interface/mod.ts";

/** A VM of one gibibyte and two processors. */
export function vmFixture(id: string, fields: Partial<Vm> = {}): Vm {
  const empty = new RpcDict([]);
  const gib = 1n << 30n;
  const decoded = VM.decode(
    new RpcDict([
      ["id", id],
      ["ssidref", 0n],
      ["xsdata", empty],
      ["platformdata", empty],
      ["bios_strings", empty],
      ["ty", ["HVM", empty]],
      ["suppress_spurious_page_faults", false],
      ["memory_static_max", gib],
      ["memory_dynamic_max", gib],
      ["memory_dynamic_min", gib],
      ["vcpu_max", 2n],
      ["vcpus", 2n],
      ["scheduler_params", new RpcDict([["affinity", []]])],
      ["on_crash", ["Shutdown"]],
      ["on_shutdown", ["Shutdown"]],
      ["on_reboot", ["Start"]],
      ["pci_msitranslate", false],
      ["pci_power_mgmt", false],
    ]),
  );
  return { ...decoded, ...fields };
}

export function vbdFixture(vm: string, dev: string, fields: Partial<Vbd> = {}): Vbd {
  const backend: Vbd["backend"] = ["VDI", `sr/${vm}-${dev}`];
  return { ...VBD.decode(new RpcDict([])), id: [vm, dev], backend, ...fields };
}

export function vifFixture(vm: string, dev: string, fields: Partial<Vif> = {}): Vif {
  const position = Number(dev);
  return { ...VIF.decode(new RpcDict([])), id: [vm, dev], position, ...fields };
}

export function vgpuFixture(vm: string, dev: string): Vgpu {
  return { ...VGPU.decode(new RpcDict([])), id: [vm, dev] };
}

export function vusbFixture(vm: string, dev: string): Vusb {
  return { id: [vm, dev], hostbus: "1", hostport: "1", version: "2.0", path: "", speed: 480 };
}
