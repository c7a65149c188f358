import assert from "node:assert/strict";
import { test } from "node:test";
import * as wide from "./wide.ts";

const HALVES: readonly [value: bigint, low: number, high: number][] = [
  [0n, 0, 0],
  [255n, 255, 0],
  [256n, 256, 0],
  [0xffff_ffffn, 0xffff_ffff, 0],
  [0x1_0000_0000n, 0, 1],
  [2n ** 53n - 1n, 0xffff_ffff, 0x1f_ffff],
  [2n ** 53n, 0, 0x20_0000],
  [2n ** 53n + 1n, 1, 0x20_0000],
  [2n ** 63n, 0, 0x8000_0000],
  [2n ** 64n - 1n, 0xffff_ffff, 0xffff_ffff],
];

test("bigintOfHalves(), lowHalf() and highHalf() keep every bit", () => {
  for (const [value, low, high] of HALVES) {
    assert.equal(wide.bigintOfHalves(low, high), value);
    assert.equal(wide.lowHalf(value), low);
    assert.equal(wide.highHalf(value), high);
  }
});

test("halves of a negative number are those of its two's complement", () => {
  assert.equal(wide.lowHalf(-1n), 0xffff_ffff);
  assert.equal(wide.highHalf(-1n), 0xffff_ffff);
});
