/**
 * Why octets are not a migration stream of QEMU, or a stream cannot be written.
 *
 * @module
 */
import { DecodeError } from "../bytes/decode_error.ts";

/**
 * Octets that cannot be read. `offset` is the first octet of what is at fault, and `path` the
 * names down to it, such as `0000:00:02.0/e1000.parent_obj.config`.
 */
export class StreamError extends DecodeError {
  override readonly name: string = "StreamError";
}

/** Octets that end before what they announce: more of them may help. */
export class CutError extends StreamError {
  override readonly name = "CutError";
}

/** A stream that the format cannot hold. */
export class WriteError extends Error {
  override readonly name = "WriteError";
}
