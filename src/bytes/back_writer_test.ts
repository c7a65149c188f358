import assert from "node:assert/strict";
import { test } from "node:test";
import { BackWriter } from "./back_writer.ts";
import { toHex } from "./hex.ts";

function written(write: (writer: BackWriter) => void): string {
  const writer = new BackWriter();
  write(writer);
  return toHex(writer.toBytes());
}

test("what is written last comes first", () => {
  const hex = written((writer) => {
    writer.octets(new Uint8Array([2, 3]));
    writer.octet(1);
    assert.equal(writer.length, 3);
  });
  assert.equal(hex, "010203");
});

test("varints have the lowest group first and the top bit on all but the last", () => {
  const cases: [low: number, high: number, hex: string][] = [
    [0, 0, "00"],
    [127, 0, "7f"],
    [128, 0, "8001"],
    [16383, 0, "ff7f"],
    [16384, 0, "808001"],
    [2 ** 21, 0, "80808001"],
    [2 ** 28, 0, "8080808001"],
    [0xffff_ffff, 0, "ffffffff0f"],
    [0, 1, "8080808010"],
    [0, 7, "8080808070"],
    [0, 8, "808080808001"],
    [0xffff_ffff, 0xffff_ffff, "ffffffffffffffffff01"],
  ];
  for (const [low, high, hex] of cases) {
    assert.equal(
      written((writer) => writer.varint64(low, high)),
      hex,
    );
  }
});

test("the buffer grows in front of what was written", () => {
  const writer = new BackWriter();
  for (let i = 0; i < 10_000; i++) writer.fixed32(i);
  assert.ok(writer.ascii("end"));
  const bytes = writer.toBytes();
  assert.equal(bytes.length, 40_003);
  assert.equal(toHex(bytes.subarray(0, 7)), "656e640f270000");
  assert.equal(toHex(bytes.subarray(-4)), "00000000");
  writer.clear();
  assert.equal(writer.length, 0);
});

test("ascii() writes nothing of other text", () => {
  const writer = new BackWriter();
  assert.equal(writer.ascii("hié"), false);
  assert.equal(writer.ascii("a".repeat(1000)), false);
  assert.equal(writer.length, 0);
});
