import assert from "node:assert/strict";
import { test } from "node:test";
import { guid, guidText } from "./guid.ts";

const TEXT = "83192c2a-1d3b-4a5a-8a3c-7b2d0f5ea601";

test("guid() splits the text as the struct does", () => {
  assert.deepEqual(guid(TEXT), {
    data1: 0x83192c2a,
    data2: 0x1d3b,
    data3: 0x4a5a,
    data4: Uint8Array.of(0x8a, 0x3c, 0x7b, 0x2d, 0x0f, 0x5e, 0xa6, 0x01),
  });
});

test("guidText() is the inverse of guid()", () => {
  assert.equal(guidText(guid(TEXT)), TEXT);
});

test("guid() refuses other text", () => {
  for (const text of ["", TEXT.toUpperCase(), `{${TEXT}}`, TEXT.slice(1)]) {
    assert.throws(() => guid(text), SyntaxError);
  }
});
