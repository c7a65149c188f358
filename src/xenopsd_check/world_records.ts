/**
 * What the database says of VMs and devices, read as it lies there.
 *
 * @module
 */
import {
  PCI,
  RpcDict,
  type RpcValue,
  readJson,
  VIF,
  VM,
  type Vm,
} from "../xenops_interface/mod.ts";
import type { World } from "../xenopsd/mod.ts";
import { VM_EXTRA } from "../xenopsd_record/mod.ts";

type Fs = World["fs"];

/** Devices that a start must plug, as frontends are called. */
export interface DevicesOf {
  readonly all: readonly string[];
  /** Of network interfaces and PCI devices. */
  readonly positions: ReadonlyMap<string, number>;
}

export function vmIdsOf(fs: Fs): string[] {
  return fs.ls(["VM"]).filter((vm) => fs.has(["VM", vm, "config"]));
}

export function vmRecordOf(fs: Fs, vm: string): Vm | undefined {
  return fs.read(["VM", vm, "config"], VM);
}

export function devicesOf(fs: Fs, vm: string): DevicesOf {
  const all: string[] = [];
  const positions = new Map<string, number>();
  for (const name of fs.ls(["VM", vm])) {
    const [, kind, dev] = /^(vbd|vif)\.(.*)$/.exec(name) ?? [];
    if (kind === undefined) continue;
    all.push(`${kind}:${dev}`);
    if (kind === "vif") positions.set(`vif:${dev}`, fs.read(["VM", vm, name], VIF)?.position ?? 0);
  }
  for (const name of fs.ls(["PCI", vm])) {
    if (!name.startsWith("pci.")) continue;
    const position = fs.read(["PCI", vm, name], PCI)?.position ?? 0;
    const key = `pci:${name.slice("pci.".length)}`;
    all.push(key);
    positions.set(key, position);
  }
  return { all, positions };
}

/** When the VM was started last, in seconds, by its runtime record. */
export function startTimeOf(fs: Fs, vm: string): number {
  return fs.read(["extra", vm], VM_EXTRA)?.last_start_time ?? 0;
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
