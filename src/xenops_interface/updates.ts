/**
 * What `UPDATES.get` answers: which objects have changed, and which barriers were passed.
 *
 * Source: xen-api, `xenops_interface.ml`.
 *
 * @module
 */
import { INT, STRING, type TypeOf } from "./codec.ts";
import { DEVICE_ID } from "./device_id.ts";
import { list, tuple } from "./shapes.ts";
import { variant } from "./variant.ts";

export const DYNAMIC_ID = variant("an id", {
  Vm: STRING,
  Vbd: DEVICE_ID,
  Vif: DEVICE_ID,
  Pci: DEVICE_ID,
  Vgpu: DEVICE_ID,
  Vusb: DEVICE_ID,
  Task: STRING,
});
export type DynamicId = TypeOf<typeof DYNAMIC_ID>;

/** Its id, and what of its VM had changed before it. */
const BARRIER = tuple(INT, list(DYNAMIC_ID));
export type Barrier = TypeOf<typeof BARRIER>;

/** Barriers, ids, and the token to go on with. */
export const UPDATES = tuple(list(BARRIER), list(DYNAMIC_ID), INT);
export type Updates = TypeOf<typeof UPDATES>;
