/**
 * Why bytes could not be decoded: mesh's own words, the place in the input, and the place in the
 * message.
 *
 * Source: mesh_protobuf, lib.rs (`DecodeError`), oneof.rs, encoding.rs.
 *
 * @module
 */
import { DecodeError } from "../bytes/decode_error.ts";

/** mesh's words for what is wrong with bytes. The one for a wire type takes its number. */
export const REASON = {
  expectedMessage: "expected a message",
  expectedVarint: "expected a varint",
  expectedFixed64: "expected a fixed64",
  expectedFixed32: "expected a fixed32",
  expectedBytes: "expected a byte array",
  eofVarint: "eof parsing a varint",
  eofFixed64: "eof parsing a fixed64",
  eofFixed32: "eof parsing a fixed32",
  eofBytes: "eof parsing a byte array",
  varintTooBig: "varint too big",
  missingResource: "missing resource",
  resourceRange: "invalid resource range",
  wireType: "unknown wire type",
  utf32: "invalid UTF-32 character",
  utf8: "invalid UTF-8 string",
  u128: "wrong buffer size for u128",
  ipv6: "wrong buffer size for ipv6 address",
  missingField: "missing required field",
  missingVariant: "missing enum variant",
  packedArrayLength: "wrong packed array length",
  arrayLength: "wrong array length",
  durationRange: "duration out of range",
  zero: "value must be non-zero",
  structSize: "invalid byte size for type",
  impossible: "field cannot exist",
} as const;

/**
 * Bytes that are not the message they should be; `reason` is in mesh's own words. `offset` is the
 * first byte of the record that could not be decoded, for a missing field the end of the message
 * that lacks it; `path` is the message and the fields down to the record.
 */
export class MeshError extends DecodeError {
  override readonly name = "MeshError";
}

/** A path as text: fields after a dot, the index of an element as it is. */
export function pathText(root: string, names: readonly string[] | undefined): string {
  return (names ?? []).reduce((path, name) => {
    return `${path}${name.startsWith("[") ? "" : "."}${name}`;
  }, root);
}
