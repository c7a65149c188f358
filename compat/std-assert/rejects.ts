/**
 * `assertRejects`: a promise that rejects, and with what.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";
import type { Class } from "./instance_of.ts";
import { assertIsError } from "./is_error.ts";

/** Rejects unless the promise of `fn` rejects. Resolves to what it rejected with. */
export function assertRejects(fn: () => PromiseLike<unknown>, msg?: string): Promise<unknown>;
/** Rejects unless the promise of `fn` rejects with an `ErrorClass` that says `msgIncludes`. */
export function assertRejects<E extends Error = Error>(
  fn: () => PromiseLike<unknown>,
  ErrorClass: Class<E>,
  msgIncludes?: string,
  msg?: string,
): Promise<E>;
export async function assertRejects(
  fn: () => PromiseLike<unknown>,
  classOrMsg?: Class<Error> | string,
  msgIncludes?: string,
  msg?: string,
): Promise<unknown> {
  const ErrorClass = typeof classOrMsg === "string" ? undefined : classOrMsg;
  const said = typeof classOrMsg === "string" ? classOrMsg : msg;
  let returned = false;
  try {
    const promise = fn();
    returned = true;
    await promise;
  } catch (thrown) {
    if (!returned) {
      throw new AssertionError(`Function throws when expected to reject${suffix(said)}`);
    }
    if (ErrorClass === undefined) return thrown;
    if (!(thrown instanceof Error)) {
      throw new AssertionError(`A non-Error object was rejected${suffix(said)}`);
    }
    assertIsError(thrown, ErrorClass, msgIncludes, said);
    return thrown;
  }
  throw new AssertionError(`Expected function to reject${suffix(said)}`);
}
