import { test } from "node:test";
import { assert, assertAlmostEquals, assertEquals, assertThrows } from "@std/assert";
import { SignFlips } from "./sign_flips.ts";

/** Every flip by its own, the slow way. */
function bruteForce(differences: readonly number[]): number {
  const observed = Math.abs(differences.reduce((sum, each) => sum + each, 0));
  let count = 0;
  for (let flips = 0; flips < 2 ** differences.length; flips++) {
    const sum = differences.reduce((all, each, at) => all + (flips & (1 << at) ? each : -each), 0);
    if (Math.abs(sum) >= observed - 1e-12) count++;
  }
  return count / 2 ** differences.length;
}

const DIFFERENCES = [0.5, -0.25, 1, 0.125, 0.75, -0.5, 0.25, 0.375, 1.5, -0.125, 0.625, 0.25];

test("SignFlips.p() tries every flip of few blocks", () => {
  for (const count of [1, 2, 7, 8, 9, 12]) {
    const some = DIFFERENCES.slice(0, count);
    assertEquals(new SignFlips(count, 1).p(Float64Array.from(some)), bruteForce(some), `${count}`);
  }
});

test("SignFlips.p() of many blocks is near that of every flip", () => {
  const many = [...DIFFERENCES.map((each) => each - 0.25), 0.1, -0.2, 0.3];
  assertAlmostEquals(new SignFlips(15, 1).p(Float64Array.from(many)), bruteForce(many), 0.01);
});

test("SignFlips.p() goes below 1 in 10,000 where hardly a flip reaches the sum", () => {
  const p = new SignFlips(40, 1).p(new Float64Array(40).fill(0.1));
  assertEquals(p, new SignFlips(40, 1).pMin);
  assert(p < 1 / 10_000);
});

test("SignFlips.p() is 1 where nothing differs", () => {
  assertEquals(new SignFlips(40, 1).p(new Float64Array(40)), 1);
});

test("SignFlips.p() refuses another number of blocks", () => {
  assertThrows(() => new SignFlips(4, 1).p(new Float64Array(5)), RangeError, "current value is 5");
});
