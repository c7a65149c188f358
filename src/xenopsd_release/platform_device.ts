/**
 * The PV platform device that a release gives to a guest, by its runtime record.
 *
 * Source: xen-api, ocaml/xenopsd/xc/xenops_server_xen.ml, since CA-313709. A guest sees its device
 * id and its revision, and may lose its drivers when they change.
 *
 * @module
 */
import type { RpcDict } from "../xenops_interface/mod.ts";
import { PERSISTENT, platformDeviceOf } from "../xenopsd_record/mod.ts";

/** By version and original profile. */
export function versioned(persistent: RpcDict): readonly [number, number] {
  return platformDeviceOf(PERSISTENT.decode(persistent));
}

/** Of when the traditional QEMU was the only one, whatever the record says. */
export function onlyTraditional(persistent: RpcDict): readonly [number, number] {
  return platformDeviceOf({ ...PERSISTENT.decode(persistent), original_profile: "Qemu_trad" });
}
