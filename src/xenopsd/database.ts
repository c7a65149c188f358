/**
 * The objects of all VMs: which file they are in, and who is told when they change.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_utils.ml and xenops_server.ml. Updates of VIFs and
 * VUSBs are recorded even if they are removed already.
 *
 * @module
 */
import {
  type Codec,
  type DynamicId,
  PCI,
  type Pci,
  VBD,
  type Vbd,
  VGPU,
  type Vgpu,
  VIF,
  type Vif,
  VM,
  type Vm,
  VUSB,
  type Vusb,
  XenopsError,
} from "../xenops_interface/mod.ts";
import { VM_EXTRA, type VmExtra } from "../xenopsd_record/mod.ts";
import type { DeviceKind } from "./dom.ts";
import type { Fs, Path } from "./fs.ts";
import type { Updates } from "./updates.ts";

export interface DeviceRecords {
  readonly vbd: Vbd;
  readonly vif: Vif;
  readonly pci: Pci;
  readonly vgpu: Vgpu;
  readonly vusb: Vusb;
}

export const DEVICE_KINDS: readonly DeviceKind[] = ["vbd", "vif", "pci", "vgpu", "vusb"];

const CODECS: { readonly [K in DeviceKind]: Codec<DeviceRecords[K]> } = {
  vbd: VBD,
  vif: VIF,
  pci: PCI,
  vgpu: VGPU,
  vusb: VUSB,
};

const TAGS = { vbd: "Vbd", vif: "Vif", pci: "Pci", vgpu: "Vgpu", vusb: "Vusb" } as const;

export class Database {
  readonly fs: Fs;
  readonly #updates: Updates;

  constructor(fs: Fs, updates: Updates) {
    this.fs = fs;
    this.#updates = updates;
  }

  /** Ids of VMs that can be read as such; others have no part in anything. */
  vms(): readonly string[] {
    return this.fs.ls(["VM"]).filter((vm) => this.fs.has(vmPath(vm)));
  }

  /** The configuration; undefined if there is none, or it is no JSON. */
  findVm(vm: string): Vm | undefined {
    return this.fs.read(vmPath(vm), VM);
  }

  vm(vm: string): Vm {
    const found = this.findVm(vm);
    if (found === undefined) throw new XenopsError("Does_not_exist", ["VM", `${vm}/config`]);
    return found;
  }

  findDevice<K extends DeviceKind>(kind: K, vm: string, dev: string): DeviceRecords[K] | undefined {
    return this.fs.read(devicePath(kind, vm, dev), CODECS[kind]);
  }

  device<K extends DeviceKind>(kind: K, vm: string, dev: string): DeviceRecords[K] {
    const found = this.findDevice(kind, vm, dev);
    if (found !== undefined) return found;
    const path = devicePath(kind, vm, dev);
    throw new XenopsError("Does_not_exist", [path[0] ?? "", path.slice(1).join("/")]);
  }

  /** Devices of one kind that can be read, by the order in which they were added. */
  devices<K extends DeviceKind>(kind: K, vm: string): DeviceRecords[K][] {
    const found: DeviceRecords[K][] = [];
    for (const dev of this.deviceNames(kind, vm)) {
      const device = this.findDevice(kind, vm, dev);
      if (device !== undefined) found.push(device);
    }
    return found;
  }

  deviceNames(kind: DeviceKind, vm: string): string[] {
    const prefix = `${kind}.`;
    const names: string[] = [];
    for (const name of this.fs.ls([kind === "pci" ? "PCI" : "VM", vm])) {
      if (name.startsWith(prefix)) names.push(name.slice(prefix.length));
    }
    return names;
  }

  extra(vm: string): VmExtra | undefined {
    return this.fs.read(extraPath(vm), VM_EXTRA);
  }

  codecOf<K extends DeviceKind>(kind: K): Codec<DeviceRecords[K]> {
    return CODECS[kind];
  }

  signalVm(vm: string): void {
    if (this.fs.has(vmPath(vm))) this.#updates.add(["Vm", vm]);
  }

  signal(kind: DeviceKind, vm: string, dev: string): void {
    const isKnown = this.fs.has(devicePath(kind, vm, dev));
    if (isKnown || kind === "vif" || kind === "vusb") this.#updates.add(idOf(kind, vm, dev));
  }

  /** It is gone, and so is what was recorded about it. */
  forget(kind: DeviceKind, vm: string, dev: string): void {
    this.#updates.remove(idOf(kind, vm, dev));
  }

  /** The VM is gone, and so is what a crash has left half-written in its folder. */
  removeConfig(vm: string): void {
    for (const name of this.fs.ls(["VM", vm])) {
      if (name.endsWith(".tmp")) this.fs.rm(["VM", vm, name]);
    }
    this.fs.rm(vmPath(vm));
    this.#updates.remove(["Vm", vm]);
  }
}

export function vmPath(vm: string): Path {
  return ["VM", vm, "config"];
}

export function devicePath(kind: DeviceKind, vm: string, dev: string): Path {
  return [kind === "pci" ? "PCI" : "VM", vm, `${kind}.${dev}`];
}

export function extraPath(vm: string): Path {
  return ["extra", vm];
}

function idOf(kind: DeviceKind, vm: string, dev: string): DynamicId {
  return [TAGS[kind], [vm, dev]];
}
