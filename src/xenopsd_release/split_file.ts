/**
 * The file of a runtime record: in one part, or, until 2018, in two, of which one was only good
 * until the VM was suspended.
 *
 * Source: xen-api before 2018-03, ocaml/xenopsd/xc/xenops_server_xen.ml.
 *
 * @module
 */
import { RpcDict, type RpcEntry } from "../xenops_interface/mod.ts";
import { NotUnderstoodError } from "./not_understood.ts";
import type { FileForm } from "./release.ts";

/** Fields that were not persistent then. */
export const MOVED: readonly string[] = [
  "suspend_memory_bytes",
  "qemu_vbds",
  "qemu_vifs",
  "pv_drivers_detected",
];

export const WHOLE_FILE: FileForm = {
  write: (file) => file,
  read: (file) => file,
};

export const SPLIT_FILE: FileForm = {
  write(file) {
    const { kept, moved } = parted(file);
    return new RpcDict([
      ["non_persistent", new RpcDict(moved)],
      ["persistent", new RpcDict(kept)],
    ]);
  },
  read(file) {
    const other = file.get("non_persistent");
    if (!(other instanceof RpcDict)) {
      throw new NotUnderstoodError(
        "Cannot decode non_persistent as a record: current value is absent",
      );
    }
    const { kept } = parted(file);
    return new RpcDict([["persistent", new RpcDict([...kept, ...other.entries])]]);
  },
};

function parted(file: RpcDict): { kept: RpcEntry[]; moved: RpcEntry[] } {
  const persistent = file.get("persistent");
  const entries = persistent instanceof RpcDict ? persistent.entries : [];
  return {
    kept: entries.filter(([key]) => !MOVED.includes(key)),
    moved: entries.filter(([key]) => MOVED.includes(key)),
  };
}
