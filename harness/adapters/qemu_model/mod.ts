/**
 * The reference model of how machines should migrate, as an implementation like any other.
 *
 * @module
 */
export { qemuModelAdapter } from "./adapter.ts";
export { qemuModelSpace } from "./space.ts";
