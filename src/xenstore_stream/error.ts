/**
 * Why octets are not a xenstore stream, or records cannot be written as one.
 *
 * @module
 */
import { DecodeError } from "../bytes/decode_error.ts";

/**
 * Octets that cannot be read. `offset` is the first octet of the field at fault, and `path` the
 * record and the field, such as `NODE_DATA.path`.
 */
export class StreamError extends DecodeError {
  override readonly name = "StreamError";
}

/** Records that the layout cannot hold. */
export class WriteError extends Error {
  override readonly name = "WriteError";
}
