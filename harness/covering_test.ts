import assert from "node:assert/strict";
import { test } from "node:test";
import { allPairs, coveringRows } from "./covering.ts";

/** Every row of the full product, by counting. */
function* product(sizes: readonly number[]): Generator<number[]> {
  const total = sizes.reduce((all, size) => all * size, 1);
  for (let index = 0; index < total; index++) {
    let rest = index;
    yield sizes.map((size) => {
      const value = rest % size;
      rest = Math.floor(rest / size);
      return value;
    });
  }
}

function uncovered(sizes: readonly number[], rows: readonly (readonly number[])[]): number {
  const open = [...allPairs(sizes)].filter(
    ([i, a, j, b]) => !rows.some((row) => row[i] === a && row[j] === b),
  );
  return open.length;
}

test("coveringRows covers every pair of values in few rows", () => {
  const sizes = [5, 5, 5, 3, 3, 3, 4, 4, 2];
  const rows = coveringRows(sizes, () => true);
  assert.equal(uncovered(sizes, rows), 0);
  assert.ok(rows.length >= 25 && rows.length <= 50, `${rows.length} rows`);
});

test("coveringRows covers every pair that an allowed row holds, by allowed rows only", () => {
  const sizes = [3, 3, 3, 2];
  // Chained constraints: a value of the first factor forces the second, which limits the third.
  const allows = (row: readonly number[]) =>
    (row[0] !== 0 || row[1] === 0) &&
    (row[1] !== 0 || row[2] !== 2) &&
    (row[3] === 0 || row[2] === 1);
  const rows = coveringRows(sizes, allows);
  const valid = [...product(sizes)].filter(allows);
  assert.ok(rows.every(allows));
  assert.equal(uncovered(sizes, rows), uncovered(sizes, valid));
});

test("coveringRows is deterministic and yields nothing where nothing is allowed", () => {
  assert.deepEqual(
    coveringRows([3, 2, 2], () => true),
    coveringRows([3, 2, 2], () => true),
  );
  assert.deepEqual(
    coveringRows([3, 2, 2], () => false),
    [],
  );
});
