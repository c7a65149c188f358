/**
 * Fails the scenario unless `holds`. `reason` is one line and the whole message:
 * `node:assert` appends lines of its own, and some of them differ by runtime.
 *
 * @module
 */
import { stackless } from "./stackless.ts";

/** A claim that did not hold. */
export class CheckError extends Error {
  override readonly name = "CheckError";
}

export function check(holds: boolean, reason: string): asserts holds {
  if (!holds) throw stackless(() => new CheckError(reason));
}
