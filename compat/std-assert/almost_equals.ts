/**
 * `assertAlmostEquals`: equality of numbers that were rounded.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";

/** Part of the expected value that rounding may cost when the caller names no tolerance. */
const TOLERANCE = 1e-7;

/** Throws unless the numbers differ by at most `tolerance`. */
export function assertAlmostEquals(
  actual: number,
  expected: number,
  tolerance?: number,
  msg?: string,
): void {
  if (Object.is(actual, expected)) return;
  const limit =
    tolerance ?? (Number.isFinite(expected) ? Math.abs(expected * TOLERANCE) : TOLERANCE);
  const delta = Math.abs(expected - actual);
  if (delta <= limit) return;
  throw new AssertionError(
    `Expected actual: "${actual}" to be close to "${expected}": ` +
      `delta "${delta}" is greater than "${limit}"${suffix(msg)}`,
  );
}
