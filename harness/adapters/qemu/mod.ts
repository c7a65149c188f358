/**
 * Real QEMUs: the releases that Debian has.
 *
 * @module
 */
export { fetchQemu } from "./fetch.ts";
