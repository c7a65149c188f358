import assert from "node:assert/strict";
import { test } from "node:test";
import { putU64 } from "../bytes/write_little_endian.ts";
import { alignedPages, checkGpaRanges, wholePages, wordsMissing } from "./gpa_ranges.ts";

function words(...values: bigint[]): Uint8Array {
  const octets = new Uint8Array(values.length * 8);
  for (const [index, value] of values.entries()) putU64(octets, index * 8, value);
  return octets;
}

function range(byteCount: number, byteOffset: number): bigint {
  return BigInt(byteCount) | (BigInt(byteOffset) << 32n);
}

test("checkGpaRanges() answers the words that the ranges take", () => {
  assert.equal(checkGpaRanges(1, words(range(4096, 0), 7n)), 2);
  assert.equal(checkGpaRanges(1, words(range(4096, 1), 7n, 8n)), 3);
  assert.equal(checkGpaRanges(2, words(range(1, 0), 7n, range(8192, 0), 8n, 9n, 1n)), 5);
  assert.equal(checkGpaRanges(0, words()), 0);
});

test("checkGpaRanges() refuses ranges at their limits", () => {
  const refused: readonly (readonly [Uint8Array, string])[] = [
    [words(), "empty range"],
    [words(range(0, 0), 7n), "empty byte count"],
    [words(range(1, 0x1000), 7n, 7n), "byte offset too large"],
    [words(range(4097, 0), 7n), "range too small"],
    [words(range(4096, 1), 7n), "range too small"],
    [words(range(0xffff_ffff, 0), 7n), "integer overflow"],
    [words(range(0xffff_f000, 0xfff), 7n), "integer overflow"],
  ];
  for (const [octets, message] of refused) {
    assert.throws(() => checkGpaRanges(1, octets), { message });
  }
  assert.equal(checkGpaRanges(1, words(range(1, 0xfff), 7n)), 2);
});

test("wordsMissing() sees whether ranges go on behind the end", () => {
  const whole = wholePages(0x10, 3);
  assert.ok(!wordsMissing(1, whole));
  assert.ok(wordsMissing(1, whole.subarray(0, 24)));
  assert.ok(wordsMissing(2, whole));
  assert.ok(wordsMissing(1, words()));
});

test("alignedPages() takes one range of whole pages and no other", () => {
  assert.deepEqual(alignedPages(1, wholePages(0x10, 3)), [0x10, 0x11, 0x12]);
  assert.equal(alignedPages(2, wholePages(0x10, 3)), null);
  assert.equal(alignedPages(1, words(range(4096, 8), 1n, 2n)), null);
  assert.equal(alignedPages(1, words(range(4095, 0), 1n)), null);
});
