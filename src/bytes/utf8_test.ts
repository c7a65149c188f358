import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex } from "./hex.ts";
import { textOfUtf8, utf8OfText } from "./utf8.ts";

function text(hex: string): string | undefined {
  const bytes = fromHex(`00${hex}00`);
  return textOfUtf8(bytes, 1, bytes.length - 1);
}

test("textOfUtf8() reads short and long text within its bounds", () => {
  assert.equal(text(""), "");
  assert.equal(text("6869"), "hi");
  assert.equal(text("61".repeat(100)), "a".repeat(100));
  assert.equal(text(`${"61".repeat(20)}c3a9`), `${"a".repeat(20)}é`);
  assert.equal(text("efbbbf61"), "\ufeffa");
});

test("textOfUtf8() refuses all that Rust refuses", () => {
  for (const hex of ["80", "ff", "c3", "c080", "e08080", "eda080", "f4908080", "f8888080"]) {
    assert.equal(text(hex), undefined, hex);
    assert.equal(text("61".repeat(100) + hex), undefined, hex);
  }
});

test("utf8OfText() is the reverse", () => {
  assert.deepEqual(utf8OfText("é"), new Uint8Array([0xc3, 0xa9]));
});
