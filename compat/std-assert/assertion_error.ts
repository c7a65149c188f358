/**
 * The error of every assertion in this package.
 *
 * @module
 */

/** An assertion did not hold. */
export class AssertionError extends Error {
  override readonly name = "AssertionError";
}

/** What a caller's own message adds to ours: nothing, or a colon and the message. */
export function suffix(msg: string | undefined): string {
  return msg === undefined || msg === "" ? "." : `: ${msg}`;
}
