/**
 * `assertLessOrEqual`: order of two values of one type.
 *
 * @module
 */
import { AssertionError } from "./assertion_error.ts";
import { format } from "./format.ts";

/** Throws unless `actual <= expected`. */
export function assertLessOrEqual<T>(actual: T, expected: T, msg?: string): void {
  if (actual <= expected) return;
  throw new AssertionError(msg ?? `Expect ${format(actual)} <= ${format(expected)}`);
}
