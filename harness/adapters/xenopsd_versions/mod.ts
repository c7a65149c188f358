/**
 * The model of xenopsd in each of its releases, as an implementation like any other.
 *
 * @module
 */
export { xenopsdAdapter } from "./adapter.ts";
export { xenopsdSpace } from "./space.ts";
