/**
 * Adapters outside of the harness, by the protocol of `PROTOCOL.md`.
 *
 * @module
 */
export { connectAdapter } from "./connect.ts";
