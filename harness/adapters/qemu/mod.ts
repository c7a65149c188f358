/**
 * Real QEMUs: the releases that Debian has.
 *
 * @module
 */
export { qemuAdapter } from "./adapter.ts";
export { readDeviceSets } from "./device_sets.ts";
export { fetchQemu, QEMU_WANTS } from "./fetch.ts";
export { qemuSpace } from "./space.ts";
