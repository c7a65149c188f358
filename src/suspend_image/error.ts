/**
 * Why octets are not a suspend image.
 *
 * @module
 */
import { DecodeError } from "../bytes/decode_error.ts";

/**
 * An image that cannot be read. `offset` is the first octet of what is at fault, and `path` the
 * unit and the field, such as `Qemu_trad.length`.
 */
export class SuspendImageError extends DecodeError {
  override readonly name = "SuspendImageError";
}
