/**
 * `unimplemented`: a branch that nobody wrote yet.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";

/** Always throws. */
export function unimplemented(msg?: string): never {
  throw new AssertionError(`Unimplemented${suffix(msg)}`);
}
