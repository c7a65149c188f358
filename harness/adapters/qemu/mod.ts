/**
 * Real QEMUs: the releases that Debian has.
 *
 * @module
 */
export { qemuAdapter } from "./adapter.ts";
export { readDeviceSets } from "./device_sets.ts";
export { qemuSpace } from "./space.ts";
