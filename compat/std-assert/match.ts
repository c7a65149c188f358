/**
 * `assertMatch`: a text that a pattern finds.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";

/** Throws unless `expected` matches `actual`. */
export function assertMatch(actual: string, expected: RegExp, msg?: string): void {
  if (expected.test(actual)) return;
  throw new AssertionError(`Expected actual: "${actual}" to match: "${expected}"${suffix(msg)}`);
}
