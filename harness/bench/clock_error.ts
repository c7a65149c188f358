/**
 * A clock that went back: what it told cannot be known, and what else it tells is not to be
 * believed.
 *
 * @module
 */

/** One line. */
export class ClockError extends Error {
  override readonly name = "ClockError";
}

/** Throws a {@linkcode ClockError} when `what` took less than no time. */
export function demandForward(what: string, ms: number): void {
  if (ms >= 0) return;
  throw new ClockError(`Cannot time ${what} as clocks must not go back: it took ${ms} ms`);
}
