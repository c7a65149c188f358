import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex } from "../bytes/hex.ts";
import { field, message, oneof, variant } from "../schema/message.ts";
import * as t from "../schema/type.ts";
import { codecFor } from "./codec.ts";
import { MeshError } from "./error.ts";

const Id = message("t.Id", "", [field(1, "data", t.octets(2))]);
const Kind = oneof("t.Kind", "", [variant(1, "Some", [field(1, "id", t.nested(Id))])]);
const Root = message("t.Root", "", [
  field(1, "number", t.u32),
  field(2, "ids", t.vec(t.nested(Id))),
  field(3, "kind", t.option(t.choice(Kind))),
  field(4, "pair", t.option(t.tuple(t.u32, t.nested(Id)))),
  field(5, "wait", t.duration),
]);

/** Where the decoder of `Root` says that bytes are wrong. */
function failure(hex: string): [offset: number, path: string, reason: string] {
  try {
    codecFor(Root, "main").decode(fromHex(hex));
  } catch (error) {
    if (error instanceof MeshError) return [error.offset, error.path, error.reason];
    throw error;
  }
  throw new Error(`${hex} was decoded`);
}

test("MeshError has one line with path, offset and reason", () => {
  assert.throws(() => codecFor(Root, "main").decode(fromHex("0801" + "0880")), {
    name: "MeshError",
    message: "Cannot decode t.Root.number at offset 2: eof parsing a varint",
  });
});

test("MeshError.offset is the first byte of the record that could not be decoded", () => {
  assert.deepEqual(failure("08011205"), [2, "t.Root.ids[0]", "eof parsing a byte array"]);
  assert.deepEqual(failure("12010f"), [2, "t.Root.ids[0]", "missing resource"]);
  assert.deepEqual(failure("12040a02010212030a0101"), [
    8,
    "t.Root.ids[1].data",
    "wrong packed array length",
  ]);
  assert.deepEqual(failure("0801" + "33"), [2, "t.Root", "unknown wire type 3"]);
  assert.deepEqual(failure("0801" + "80"), [2, "t.Root", "eof parsing a varint"]);
  // The record that holds a duration out of range, not the last one inside it.
  assert.deepEqual(failure("08012a061080a8d6b907"), [2, "t.Root.wait", "duration out of range"]);
});

test("MeshError.offset of a missing field is the end of the message that lacks it", () => {
  assert.deepEqual(failure("0801" + "1200" + "0802"), [
    4,
    "t.Root.ids[0].data",
    "missing required field",
  ]);
  assert.deepEqual(failure("1a020a00" + "0801"), [
    4,
    "t.Root.kind.Some.id.data",
    "missing required field",
  ]);
  assert.deepEqual(failure("1a00" + "0801"), [2, "t.Root.kind", "missing enum variant"]);
  assert.deepEqual(failure("22020801"), [4, "t.Root.pair.1.data", "missing required field"]);
});

test("MeshError.path of a field with the wrong wire type names the field", () => {
  assert.deepEqual(failure("0a00"), [0, "t.Root.number", "expected a varint"]);
  assert.deepEqual(failure("12020801"), [2, "t.Root.ids[0].data", "expected a byte array"]);
});
