/**
 * The reference model of OpenHCL servicing: a host with its hardware, and one run of OpenHCL after
 * the other on it.
 *
 * @module
 */
export { hostOfCaptured } from "./captured.ts";
export type { SeededDefect } from "./defect.ts";
export { DEFECTS, withDefect } from "./defects.ts";
export type { DeviceIds } from "./device_ids.ts";
export type { GuestEnding } from "./guest_ending.ts";
export { type HopInputs, Host } from "./host.ts";
export { type CapabilityFlags, keepaliveInForce } from "./keepalive_in_force.ts";
export type { NicRecord } from "./nic_record.ts";
export { boot, Openhcl, restore } from "./openhcl.ts";
export type { Protocol } from "./protocol.ts";
export type { Release } from "./release.ts";
export { RELEASES, releaseNamed } from "./releases.ts";
export type { SaveFault } from "./save_fault.ts";
export { IDLE, SAVE_POINTS, savePoint } from "./save_points.ts";
export type { GuestSaveRequest } from "./servicing_save.ts";
export type { Flight, VmProperties } from "./vm_properties.ts";
export type { GuestStateLifetime } from "./vmgs.ts";
export type { Placement } from "./vtl2_memory.ts";
