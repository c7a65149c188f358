/**
 * Virtual block devices. Every field of `Vbd.t` has a default, so that `{}` is one.
 *
 * Source: xen-api, `xenops_interface.ml`.
 *
 * @module
 */
import { BOOL, INT, STRING, type TypeOf } from "./codec.ts";
import { DEVICE_ID } from "./device_id.ts";
import { defaulted, masked, optional, record } from "./record.ts";
import { kv, tuple } from "./shapes.ts";
import { variant } from "./variant.ts";
import { DISK } from "./vm.ts";

/** Bus, disk and partition. */
const DEVICE_NUMBER = tuple(
  variant("a bus", { Xen: null, Scsi: null, Floppy: null, Ide: null }),
  INT,
  INT,
);
export type DeviceNumber = TypeOf<typeof DEVICE_NUMBER>;

const QOS_CLASS = variant("a class", {
  Highest: null,
  High: null,
  Normal: null,
  Low: null,
  Lowest: null,
  Other: INT,
});

const QOS = variant("a quality of service", {
  Ionice: variant("a scheduler", { RealTime: QOS_CLASS, Idle: null, BestEffort: QOS_CLASS }),
});

export const VBD = record("a VBD", {
  id: defaulted(DEVICE_ID, ["", ""]),
  position: masked(DEVICE_NUMBER),
  mode: defaulted(variant("a mode", { ReadOnly: null, ReadWrite: null }), "ReadWrite"),
  backend: masked(DISK),
  ty: defaulted(variant("a type of VBD", { CDROM: null, Disk: null, Floppy: null }), "Disk"),
  unpluggable: defaulted(BOOL, true),
  extra_backend_keys: defaulted(kv(STRING), []),
  extra_private_keys: defaulted(kv(STRING), []),
  qos: masked(QOS),
  persistent: defaulted(BOOL, true),
  can_attach_early: defaulted(BOOL, false),
});
export type Vbd = TypeOf<typeof VBD>;

export const VBD_STATE = record("the state of a VBD", {
  active: BOOL,
  plugged: BOOL,
  qos_target: optional(QOS),
  backend_present: optional(DISK),
});
export type VbdState = TypeOf<typeof VBD_STATE>;
