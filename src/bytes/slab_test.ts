import assert from "node:assert/strict";
import { test } from "node:test";
import { copyOf, zeros } from "./slab.ts";

test("copyOf() is apart from its source and from other copies", () => {
  for (const length of [0, 1, 1000, 2 ** 14, 2 ** 14 + 1, 2 ** 17]) {
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

test("zeros() are zeros, whatever was written to others", () => {
  for (const length of [1, 4096, 2 ** 14, 2 ** 14 + 1]) {
    const pieces = Array.from({ length: 40 }, () => zeros(length));
    for (const piece of pieces) {
      assert.equal(piece.length, length);
      assert.ok(piece.every((octet) => octet === 0));
      piece.fill(1);
    }
  }
});
