/**
 * Octets that are not what they should be. Each format has its own kind, so that callers can tell
 * whose octets were broken.
 *
 * @module
 */

/** One line with place and reason. */
export class DecodeError extends Error {
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Offset in the whole input. */
  readonly offset: number;
  /** Names down to the field at fault. */
  readonly path: string;

  constructor(reason: string, offset: number, path: string) {
    // Octets may be broken by anyone; where in our code that came up is of no use and only costs.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(`Cannot decode ${path} at offset ${offset}: ${reason}`);
    Error.stackTraceLimit = limit;
    this.reason = reason;
    this.offset = offset;
    this.path = path;
  }
}
