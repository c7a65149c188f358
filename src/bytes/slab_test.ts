import assert from "node:assert/strict";
import { test } from "node:test";
import { copyOf, Slab } from "./slab.ts";

test("copyOf() is apart from its source and from other copies", () => {
  for (const length of [0, 1, 1000, 2 ** 10, 2 ** 10 + 1, 2 ** 17]) {
    const source = new Uint8Array(length).fill(1);
    const copies = Array.from({ length: 6 }, () => copyOf(source));
    copies.forEach((copy, i) => {
      copy.fill(i + 2);
    });
    assert.ok(source.every((octet) => octet === 1));
    copies.forEach((copy, i) => {
      assert.equal(copy.length, length);
      assert.ok(copy.every((octet) => octet === i + 2));
    });
  }
});

test("Slab.zeros() are zeros, whatever was written to others", () => {
  const slab = new Slab(2 ** 16);
  for (const length of [1, 4096, 2 ** 14, 2 ** 14 + 1]) {
    const pieces = Array.from({ length: 40 }, () => slab.zeros(length));
    for (const piece of pieces) {
      assert.equal(piece.length, length);
      assert.ok(piece.every((octet) => octet === 0));
      piece.fill(1);
    }
  }
});

test("Slab gives pieces of more than a quarter memory of their own", () => {
  const slab = new Slab(64);
  const [small, other, large] = [slab.zeros(16), slab.copyOf(new Uint8Array(16)), slab.zeros(17)];
  assert.equal(small.buffer, other.buffer);
  assert.notEqual(large.buffer, small.buffer);
  assert.equal(large.buffer.byteLength, 17);
});
