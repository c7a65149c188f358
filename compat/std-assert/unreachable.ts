/**
 * `unreachable`: a branch that logic excludes.
 *
 * @module
 */
import { AssertionError } from "./assertion_error.ts";

/** Always throws. */
export function unreachable(reason?: string): never {
  throw new AssertionError(reason === undefined ? "Unreachable." : `Unreachable: ${reason}`);
}
