/**
 * OpenHCL, played by the reference model.
 *
 * @module
 */
export { openhclAdapter } from "./adapter.ts";
