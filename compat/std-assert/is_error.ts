/**
 * `assertIsError`: an error of a class with a message.
 *
 * @module
 */
import { stripVTControlCharacters } from "node:util";
import { AssertionError, suffix } from "./assertion_error.ts";
import type { Class } from "./instance_of.ts";

/**
 * Throws unless `error` is an Error, an instance of `ErrorClass` when one is given, and says
 * what `msgMatches` asks for. Colours in a message do not count.
 */
export function assertIsError<E extends Error = Error>(
  error: unknown,
  ErrorClass?: Class<E>,
  msgMatches?: string | RegExp,
  msg?: string,
): asserts error is E {
  if (!(error instanceof Error)) {
    throw new AssertionError(`Expected "error" to be an Error object${suffix(msg)}`);
  }
  if (ErrorClass !== undefined && !(error instanceof ErrorClass)) {
    throw new AssertionError(
      `Expected error to be instance of "${ErrorClass.name}", ` +
        `but was "${error.constructor.name}"${suffix(msg)}`,
    );
  }
  if (msgMatches === undefined || says(error, msgMatches)) return;
  const relation = typeof msgMatches === "string" ? "include" : "match";
  const wanted = typeof msgMatches === "string" ? JSON.stringify(msgMatches) : String(msgMatches);
  throw new AssertionError(
    `Expected error message to ${relation} ${wanted}, ` +
      `but got ${JSON.stringify(error.message)}${suffix(msg)}`,
  );
}

function says({ message }: Error, wanted: string | RegExp): boolean {
  const plain = stripVTControlCharacters(message);
  if (wanted instanceof RegExp) return wanted.test(plain);
  return plain.includes(stripVTControlCharacters(wanted));
}
