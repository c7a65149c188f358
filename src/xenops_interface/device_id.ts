/**
 * The id of a device: always a pair of the id of its VM and its own.
 *
 * Source: xen-api, `xenops_interface.ml`.
 *
 * @module
 */
import { STRING, type TypeOf } from "./codec.ts";
import { tuple } from "./shapes.ts";

export const DEVICE_ID = tuple(STRING, STRING);
export type DeviceId = TypeOf<typeof DEVICE_ID>;
