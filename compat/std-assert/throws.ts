/**
 * `assertThrows`: a function that throws, and what.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";
import type { Class } from "./instance_of.ts";
import { assertIsError } from "./is_error.ts";

/** Throws unless `fn` throws. Returns what it threw. */
export function assertThrows(fn: () => unknown, msg?: string): unknown;
/** Throws unless `fn` throws an `ErrorClass` whose message includes `msgIncludes`. Returns it. */
export function assertThrows<E extends Error = Error>(
  fn: () => unknown,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): E;
export function assertThrows(
  fn: () => unknown,
  classOrMsg?: Class<Error> | string,
  msgIncludes?: string,
  msg?: string,
): unknown {
  const ErrorClass = typeof classOrMsg === "string" ? undefined : classOrMsg;
  const said = typeof classOrMsg === "string" ? classOrMsg : msg;
  try {
    fn();
  } catch (thrown) {
    if (ErrorClass === undefined) return thrown;
    if (!(thrown instanceof Error)) {
      throw new AssertionError(`A non-Error object was thrown${suffix(said)}`);
    }
    assertIsError(thrown, ErrorClass, msgIncludes, said);
    return thrown;
  }
  throw new AssertionError(`Expected function to throw${suffix(said)}`);
}
