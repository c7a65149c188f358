/**
 * `fail`: a branch that a test must not reach.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";

/** Always throws. */
export function fail(msg?: string): never {
  throw new AssertionError(`Failed assertion${suffix(msg)}`);
}
