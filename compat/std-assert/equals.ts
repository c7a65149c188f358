/**
 * `assertEquals`: deep equality.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";
import { difference } from "./difference.ts";
import { equal } from "./equal.ts";

/** Throws unless both values are {@linkcode equal}; the message shows the difference. */
export function assertEquals<T>(actual: T, expected: T, msg?: string): void {
  if (equal(actual, expected)) return;
  throw new AssertionError(
    `Values are not equal${suffix(msg)}\n\n${difference(actual, expected)}\n`,
  );
}
