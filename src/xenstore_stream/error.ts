/**
 * Why octets are not a xenstore stream, or records cannot be written as one.
 *
 * @module
 */

/** Octets that cannot be read; one line with the place. */
export class StreamError extends Error {
  override readonly name = "StreamError";
  /** What is wrong, without the place. */
  readonly reason: string;
  /** First octet, in the whole input, of the field at fault. */
  readonly offset: number;
  /** The record and the field, such as `NODE_DATA.path`. */
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

/** Records that the layout cannot hold. */
export class WriteError extends Error {
  override readonly name = "WriteError";
}
