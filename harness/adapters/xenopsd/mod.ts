/**
 * Xenopsd for the outside: the model as a daemon.
 *
 * @module
 */
export { messageSwitch, xenopsd } from "./daemon.ts";
