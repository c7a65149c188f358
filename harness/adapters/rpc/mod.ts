/**
 * Adapters outside of the harness, by the protocol of `PROTOCOL.md`.
 *
 * @module
 */
export { connectAdapter, connectAll } from "./connect.ts";
export { serveAt } from "./places.ts";
