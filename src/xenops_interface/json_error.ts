/**
 * Text that is not JSON, or values that JSON has no text for.
 *
 * @module
 */

/** One line with place and reason. */
export class JsonError extends Error {
  /** Character at which the text is at fault. */
  readonly offset: number;

  constructor(requirement: string, offset: number, current: string) {
    // Texts come from strangers; where in our code that came up is of no use and only costs.
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    super(`Cannot read JSON as ${requirement} at offset ${offset}: current value is ${current}`);
    Error.stackTraceLimit = limit;
    this.offset = offset;
  }
}
