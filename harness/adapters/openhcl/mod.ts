/**
 * OpenHCL, played by the reference model.
 *
 * @module
 */
export { DEFECTS as openhclDefects } from "../../../src/openhcl/mod.ts";
export { openhclAdapter } from "./adapter.ts";
export { openhclContents } from "./contents.ts";
