/**
 * `assertExists`: neither `null` nor `undefined`.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";

/** Throws when `actual` is `null` or `undefined`. */
export function assertExists<T>(actual: T, msg?: string): asserts actual is NonNullable<T> {
  if (actual !== undefined && actual !== null) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to not be null or undefined${suffix(msg)}`,
  );
}
