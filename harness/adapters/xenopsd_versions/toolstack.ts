/**
 * What is to be seen of the VM of the matrix on the machine that has it now.
 *
 * @module
 */
import { toHex } from "../../../src/bytes/hex.ts";
import {
  deviceNumberOf,
  RpcDict,
  type RpcValue,
  readJson,
  type Vbd,
  type Vif,
  VM,
  type Vm,
  type VmState,
  writeJson,
} from "../../../src/xenops_interface/mod.ts";
import type { World, Xenopsd } from "../../../src/xenopsd/mod.ts";
import type { Release } from "../../../src/xenopsd_release/mod.ts";
import { ask } from "./asking.ts";
import { VM_ID } from "./guests.ts";

type Seen = Record<string, string>;

/** Octets of the memory that are shown of it. */
const WITNESS = 32;

/** What the guest finds, with the platform device that its domain was made with. */
export function guestSeen(world: World, device: string): Seen {
  const dom = world.hv.dom(VM_ID);
  if (dom === undefined) return {};
  const seen: Seen = { memory: toHex(dom.guestRam.subarray(0, WITNESS)) };
  if (dom.nvram !== undefined) seen["firmware variables"] = toHex(dom.nvram);
  if (dom.tpm !== undefined) seen.tpm = toHex(dom.tpm);
  if (dom.hvm) seen["platform device"] = device;
  return seen;
}

/** The platform device that a domain gets from the release, which makes it by its record. */
export function platformDeviceBy(release: Release, world: World): string {
  const persistent = persistentOf(world);
  return persistent === undefined ? "" : release.platformDevice(persistent).join(":");
}

function persistentOf({ fs }: World): RpcDict | undefined {
  const text = fs.text(["extra", VM_ID]);
  const file = text === undefined ? undefined : readJson(text);
  const persistent = file instanceof RpcDict ? file.get("persistent") : undefined;
  return persistent instanceof RpcDict ? persistent : undefined;
}

/** Fields of the VM; the set of processor features is what the host makes of it. */
export function configurationSeen(machine: Xenopsd): Seen {
  const [vm] = ask(machine, "VM.stat", { id: VM_ID }) as [Vm, unknown];
  const seen: Seen = {};
  flatten("", VM.encode(vm), seen);
  delete seen["platformdata.featureset"];
  for (const [vbd] of listed<Vbd>(machine, "VBD.list")) {
    seen[`disk ${diskOf(vbd.id[1])}.can_attach_early`] = `${vbd.can_attach_early}`;
  }
  return seen;
}

/** Leaves of records by their path; whatever else is a leaf, too. */
function flatten(path: string, value: RpcValue, seen: Seen): void {
  if (path === ".ty") {
    const [kind, info] = value as readonly RpcValue[];
    seen.kind = `${kind}`;
    flatten("", info ?? null, seen);
  } else if (value instanceof RpcDict) {
    for (const [key, inner] of value.entries) flatten(`${path}.${key}`, inner, seen);
  } else seen[path.slice(1)] = writeJson(value);
}

export function devicesSeen(machine: Xenopsd): Seen {
  const seen: Seen = {};
  for (const [vbd, state] of listed<Vbd>(machine, "VBD.list")) {
    const backend = vbd.backend?.join(" ") ?? "nothing";
    seen[`disk ${diskOf(vbd.id[1])}`] = `${vbd.mode} ${backend} ${useOf(state)}`;
  }
  for (const [vif, state] of listed<Vif>(machine, "VIF.list")) {
    seen[`interface ${vif.id[1]}`] = `${vif.mac} ${vif.mtu} ${useOf(state)}`;
  }
  return seen;
}

type Listed<T> = readonly [T, { readonly active: boolean; readonly plugged: boolean }];

function listed<T>(machine: Xenopsd, method: string): readonly Listed<T>[] {
  return ask(machine, method, { id: VM_ID }) as readonly Listed<T>[];
}

function useOf({ active, plugged }: { readonly active: boolean; readonly plugged: boolean }) {
  return `${active ? "active" : "inactive"}, ${plugged ? "plugged" : "unplugged"}`;
}

/** The number of a disk, however it is called. */
function diskOf(name: string): string {
  const [, disk] = deviceNumberOf(name, true) ?? [];
  return `${disk ?? name}`;
}

export function powerOf(machine: Xenopsd): string {
  const [, { power_state }] = ask(machine, "VM.stat", { id: VM_ID }) as [unknown, VmState];
  return power_state;
}
