/**
 * Telling an answer from a promise of one: most answers come at once, and a wait for each of them
 * would cost more than the answer.
 *
 * @module
 */

/** True for what has to be waited for. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | undefined)?.then === "function";
}
