/**
 * Types of Rust's standard library and of mesh that are messages of their own, declared with the
 * schema language itself.
 *
 * Source: mesh_protobuf, encoding.rs (`Result`, `Range`), time.rs (`Timestamp`), message.rs
 * (`ProtobufAny`).
 *
 * @module
 */
import { field, message, oneof, transparent } from "./message.ts";
import * as t from "./type.ts";

/** A message of any type with the name of that type; what a `SavedStateBlob` is on the wire. */
export const Any = message("google.protobuf.Any", "support/mesh/mesh_protobuf/src/message.rs", [
  field(1, "type_url", t.string),
  field(2, "value", t.rawMessage),
]);

/** `SavedStateBlob`: the message that it names, encoded. */
export const blob: t.Type<{ type_url: string; value: Uint8Array }> = t.nested(Any);

export const Timestamp = message(
  "google.protobuf.Timestamp",
  "support/mesh/mesh_protobuf/src/time.rs",
  [field(1, "seconds", t.i64Varint), field(2, "nanos", t.i32Varint)],
);

/** A point in UTC time; not validated on decode. */
export const timestamp: t.Type<{ seconds: bigint; nanos: number }> = t.nested(Timestamp);

/** The value of a `Result`. */
export type Result<O, E> = { variant: "Ok"; value: O } | { variant: "Err"; value: E };

/** `Result<O, E>`: an enum of two transparent variants. */
export function result<O, E>(ok: t.Type<O>, err: t.Type<E>): t.Type<Result<O, E>> {
  const source = "support/mesh/mesh_protobuf/src/encoding.rs";
  const either = oneof("Result", source, [transparent(1, "Ok", ok), transparent(2, "Err", err)]);
  return { kind: "oneof", oneof: either };
}

/** `Range<V>`: half open. */
export function range<V>(of: t.Type<V>): t.Type<{ start: V; end: V }> {
  const source = "support/mesh/mesh_protobuf/src/encoding.rs";
  const both = message("Range", source, [field(1, "start", of), field(2, "end", of)]);
  return { kind: "message", message: both };
}

/** `()`. */
export const unit: t.Type<[]> = t.tuple();
