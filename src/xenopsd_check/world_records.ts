/**
 * What the database says of VMs and devices, read as it lies there.
 *
 * @module
 */
import { PCI, RpcDict, type RpcValue, readJson, VM, type Vm } from "../xenops_interface/mod.ts";
import type { World } from "../xenopsd/mod.ts";

type Fs = World["fs"];

/** Devices that a start must plug, as frontends are called. */
export interface DevicesOf {
  readonly all: readonly string[];
  /** Of PCI devices. */
  readonly pciPositions: ReadonlyMap<string, number>;
}

export function vmIdsOf(fs: Fs): string[] {
  return fs.ls(["VM"]).filter((vm) => fs.has(["VM", vm, "config"]));
}

export function vmRecordOf(fs: Fs, vm: string): Vm | undefined {
  return fs.read(["VM", vm, "config"], VM);
}

export function devicesOf(fs: Fs, vm: string): DevicesOf {
  const all: string[] = [];
  for (const name of fs.ls(["VM", vm])) {
    const [, kind, dev] = /^(vbd|vif)\.(.*)$/.exec(name) ?? [];
    if (kind !== undefined) all.push(`${kind}:${dev}`);
  }
  const pciPositions = new Map<string, number>();
  for (const name of fs.ls(["PCI", vm])) {
    if (!name.startsWith("pci.")) continue;
    const position = fs.read(["PCI", vm, name], PCI)?.position ?? 0;
    pciPositions.set(`pci:${name.slice("pci.".length)}`, position);
  }
  return { all: [...all, ...pciPositions.keys()], pciPositions };
}

/** Octets of memory in the suspend image of a VM, by its runtime record; 0 where there is none. */
export function suspendedBytes(fs: Fs, vm: string): bigint {
  const text = fs.text(["extra", vm]);
  if (text === undefined) return 0n;
  const found = fieldOf(readJson(text), "suspend_memory_bytes");
  return typeof found === "bigint" ? found : 0n;
}

function fieldOf(value: RpcValue, name: string): RpcValue | undefined {
  if (!(value instanceof RpcDict)) return undefined;
  for (const [key, part] of value.entries) {
    const found = key === name ? part : fieldOf(part, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
