import assert from "node:assert/strict";
import { test } from "node:test";
import { digestOf } from "./digest.ts";

test("digestOf() is FNV-1a in 32 bits, and empty for no content", () => {
  // Values of the reference: http://www.isthe.com/chongo/tech/comp/fnv.
  assert.equal(digestOf(""), "811c9dc5");
  assert.equal(digestOf("a"), "e40c292c");
  assert.equal(digestOf("foobar"), "bf9cf968");
  assert.equal(digestOf(Uint8Array.of(0x61)), "e40c292c");
  assert.equal(digestOf(null), "");
});
