import assert from "node:assert/strict";
import { test } from "node:test";
import { octetsOf, wordOf } from "./pattern.ts";

test("wordOf() differs by seed and by place, and never by run", () => {
  const words = [0, 1, 2].flatMap((seed) => [0, 1, 2].map((at) => wordOf(seed, at)));
  assert.equal(new Set(words).size, 9);
  assert.deepEqual([wordOf(1, 0), wordOf(1, 1)], [0x5cb8_1fc2, 0x65ed_7bb6]);
});

test("octetsOf() is as long as it was asked to be", () => {
  assert.deepEqual(octetsOf(1, 0, 0), new Uint8Array(0));
  assert.equal(octetsOf(1, 5, 7)[0], wordOf(1, 5) & 0xff);
  assert.equal(octetsOf(1, 5, 7).length, 7);
});
