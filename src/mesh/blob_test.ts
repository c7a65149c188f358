import assert from "node:assert/strict";
import { test } from "node:test";
import { toHex } from "../bytes/hex.ts";
import { field, message } from "../schema/message.ts";
import * as t from "../schema/type.ts";
import { blobOf, nameOfTypeUrl, parseBlob, typeUrlOf } from "./blob.ts";

const State = message("a.b.State", "", [field(1, "x", t.u32)]);
const Legacy = message("a.b.State@legacy", "", [field(2, "y", t.u32)]);

test("typeUrlOf() leaves out what only tells layouts apart", () => {
  assert.equal(typeUrlOf(State), "type.googleapis.com/a.b.State");
  assert.equal(typeUrlOf(Legacy), "type.googleapis.com/a.b.State");
});

test("nameOfTypeUrl() takes the URL with and without its scheme", () => {
  assert.equal(nameOfTypeUrl("type.googleapis.com/a.b.State"), "a.b.State");
  assert.equal(nameOfTypeUrl("https://type.googleapis.com/a.b.State"), "a.b.State");
  assert.equal(nameOfTypeUrl("http://type.googleapis.com/a.b.State"), undefined);
  assert.equal(nameOfTypeUrl("a.b.State"), undefined);
});

test("blobOf() and parseBlob() carry a message", () => {
  const blob = blobOf(State, "main", { x: 5 });
  assert.equal(toHex(blob.value), "0805");
  assert.deepEqual(parseBlob(blob, State, "main"), { x: 5 });
  const url = `https://${blob.type_url}`;
  assert.deepEqual(parseBlob({ ...blob, type_url: url }, State, "main"), { x: 5 });
});

test("parseBlob() refuses another type in mesh's words", () => {
  const value = new Uint8Array(0);
  for (const actual of ["type.googleapis.com/a.b.Other", "type.googleapis.com/a.State", ""]) {
    assert.throws(() => parseBlob({ type_url: actual, value }, State, "main"), {
      name: "MeshError",
      reason: `protobuf type mismatch, expected type.googleapis.com/a.b.State, got ${actual}`,
    });
  }
});

test("parseBlob() refuses a broken message as its codec does", () => {
  const blob = { type_url: typeUrlOf(State), value: new Uint8Array([8]) };
  assert.throws(() => parseBlob(blob, State, "main"), { reason: "eof parsing a varint" });
});
