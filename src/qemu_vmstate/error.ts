/**
 * Text that is no dump of QEMU's descriptions.
 *
 * @module
 */

/** One line: what is wrong, and where. */
export class DumpError extends Error {
  override readonly name = "DumpError";
  /** What is wrong, without the place. */
  readonly reason: string;
  /** Octet of the text, when it is no JSON. */
  readonly offset: number | undefined;
  /** Names down to what is at fault, such as `e1000.Description.Fields[3].size`. */
  readonly path: string;

  constructor(reason: string, path: string, offset?: number) {
    const place = offset === undefined ? path : `offset ${offset}`;
    super(`Cannot read descriptions at ${place}: ${reason}`);
    this.reason = reason;
    this.offset = offset;
    this.path = path;
  }
}
