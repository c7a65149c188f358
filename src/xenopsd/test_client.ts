/**
 * What tests ask of a machine.
 *
 * @module
 */
import type { Call } from "./call.ts";

/** What the call has answered. */
export function done(call: Call): unknown {
  if (call.state === "done") return call.result;
  throw call.error ?? new Error(`Cannot see an answer to ${call.method}: it still waits`);
}
