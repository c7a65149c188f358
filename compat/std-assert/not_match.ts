/**
 * `assertNotMatch`: a text that a pattern does not find.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";

/** Throws when `expected` matches `actual`. */
export function assertNotMatch(actual: string, expected: RegExp, msg?: string): void {
  if (!expected.test(actual)) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not match: "${expected}"${suffix(msg)}`,
  );
}
