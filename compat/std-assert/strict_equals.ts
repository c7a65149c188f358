/**
 * `assertStrictEquals`: the same value, or the same object.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";
import { difference } from "./difference.ts";
import { format } from "./format.ts";

/** Throws unless `Object.is(actual, expected)`. */
export function assertStrictEquals<T>(
  actual: unknown,
  expected: T,
  msg?: string,
): asserts actual is T {
  if (Object.is(actual, expected)) return;
  if (format(actual) === format(expected)) {
    throw new AssertionError(
      `Values have the same structure but are not reference-equal${suffix(msg)}\n\n` +
        `    ${format(actual)}\n`,
    );
  }
  throw new AssertionError(
    `Values are not strictly equal${suffix(msg)}\n\n${difference(actual, expected)}\n`,
  );
}
