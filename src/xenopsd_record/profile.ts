/**
 * Which model of devices a VM has, and the PV platform device that its guest sees.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { type Vm, XenopsError } from "../xenops_interface/mod.ts";
import { NAPLES, type Profile, type VmExtra } from "./vm_extra.ts";

/** Names of profiles in platform data. */
const PROFILES: Readonly<Record<string, Profile>> = {
  "qemu-none": "Qemu_none",
  "qemu-upstream-compat": "Qemu_upstream_compat",
  "qemu-upstream-uefi": "Qemu_upstream_uefi",
};

/** Profiles that no host has any more. */
const GONE: readonly string[] = ["qemu-trad", "qemu-upstream"];

export function needsQemu(vm: Vm): boolean {
  return vm.ty[0] === "HVM";
}

/** The profile of a VM that starts now. */
export function profileOf(vm: Vm): Profile | undefined {
  if (!needsQemu(vm)) return undefined;
  const name = valueAt(vm.platformdata, "device-model") ?? "";
  if (GONE.includes(name)) {
    throw new XenopsError("Internal_error", `device-model must be one that there is: is ${name}`);
  }
  return Object.hasOwn(PROFILES, name) ? PROFILES[name] : "Qemu_upstream_compat";
}

/** What is left of a profile after a restore: the traditional QEMU is gone. */
export function revised(profile: Profile | undefined): Profile | undefined {
  return profile === "Qemu_trad" ? "Qemu_upstream_compat" : profile;
}

/** Device id and revision of the PV platform device. */
export function platformDeviceOf(extra: VmExtra): readonly [number, number] {
  const id = valueAt(extra.platformdata, "device_id");
  if (id === undefined) {
    const isFirst = extra.original_profile === "Qemu_trad" || extra.version >= NAPLES;
    return [1, isFirst ? 1 : 2];
  }
  if (/^[0-9a-fA-F]{1,8}$/.test(id)) return [Number.parseInt(id, 16), 2];
  throw new XenopsError("Internal_error", `device_id must be hexadecimal: is ${id.slice(0, 40)}`);
}

/** The first value with this key. */
export function valueAt(
  pairs: readonly (readonly [string, string])[],
  key: string,
): string | undefined {
  return pairs.find(([name]) => name === key)?.[1];
}
