/**
 * Fails the scenario unless `holds`. `reason` is one line and the whole message:
 * `node:assert` appends lines of its own, and some of them differ by runtime.
 *
 * @module
 */

/** A claim that did not hold. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

export function check(holds: boolean, reason: string): asserts holds {
  if (!holds) throw new CheckError(reason);
}
