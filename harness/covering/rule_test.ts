import assert from "node:assert/strict";
import { test } from "node:test";
import { plainDimensions, ruleOver } from "./brute_force.ts";
import { PartialRow } from "./partial_row.ts";
import { ruleTable } from "./rule.ts";

test("PartialRow.fits() looks ahead: a value without any way to go on does not fit", () => {
  const dimensions = plainDimensions([3, 2, 2]);
  // The sum must be 4: only 2, 1, 1 will do.
  const rule = ruleOver(dimensions, [0, 1, 2], (values) => values.reduce((a, b) => a + b) === 4);
  const row = new PartialRow(3, [rule]);
  assert.deepEqual(
    [0, 1, 2].map((value) => row.fits(0, value)),
    [false, false, true],
  );
  assert.deepEqual([row.fits(1, 0), row.fits(1, 1)], [false, true]);
  row.set(0, 2);
  row.set(2, 1);
  assert.deepEqual([row.fits(1, 0), row.fits(1, 1)], [false, true]);
});

test("PartialRow.clear() takes a value back, and is nothing where there is none", () => {
  const dimensions = plainDimensions([2, 2]);
  const rule = ruleOver(dimensions, [0, 1], ([a, b]) => a === b);
  const row = new PartialRow(2, [rule]);
  row.clear(0);
  row.set(0, 1);
  assert.deepEqual([row.fits(1, 0), row.fits(1, 1)], [false, true]);
  row.clear(0);
  assert.deepEqual(row.values, [-1, -1]);
  assert.deepEqual([row.fits(1, 0), row.fits(1, 1)], [true, true]);
});

test("ruleTable only counts on values that rows have", () => {
  const { strides, cells } = ruleTable(
    [2, 3],
    [
      [0, 1],
      [1, 2],
    ],
    ([a, b]) => a === 0 && b === 0,
  );
  assert.deepEqual(strides, [1, 3]);
  assert.ok(cells.every((cell) => cell === 0));
});

test("ruleTable refuses to look at too much at once", () => {
  const sizes = [999, 999, 3];
  const values = sizes.map(() => []);
  assert.equal(ruleTable(sizes, values, () => true).cells.length, 4_000_000);
  assert.throws(() => ruleTable([999, 999, 4], values, () => true), {
    message:
      "Cannot make a rule as its combinations must be at most 4000000: current value is 5000000",
  });
});
