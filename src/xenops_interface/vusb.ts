/**
 * USB devices that are passed through to a VM.
 *
 * Source: xen-api, `xenops_interface.ml`.
 *
 * @module
 */
import { BOOL, FLOAT, STRING, type TypeOf } from "./codec.ts";
import { DEVICE_ID } from "./device_id.ts";
import { record } from "./record.ts";

export const VUSB = record("a VUSB", {
  id: DEVICE_ID,
  hostbus: STRING,
  hostport: STRING,
  version: STRING,
  path: STRING,
  speed: FLOAT,
});
export type Vusb = TypeOf<typeof VUSB>;

export const VUSB_STATE = record("the state of a VUSB", { plugged: BOOL });
export type VusbState = TypeOf<typeof VUSB_STATE>;
