/**
 * Waiting for hardware: time passes until it has answered. Upstream waits for ever, whoever asked
 * it does not.
 *
 * @module
 */
import { Stuck, type VirtualClock } from "../machine/mod.ts";

/** Longer than the longest time that a host gives to a servicing. */
const PATIENCE_US = 600_000_000;

/** Lets time pass until `done`; it is stuck, in the words of `what`, when that does not come. */
export function waitUntil(clock: VirtualClock, done: () => boolean, what: () => string): void {
  if (!clock.advanceUntil(done, PATIENCE_US)) throw new Stuck(what());
}
