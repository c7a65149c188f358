import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { subsets } from "./brute_force.ts";
import { TupleSet } from "./tuple_set.ts";

const LEVELS = 9;
const ASCENDING = fc
  .uniqueArray(fc.nat({ max: LEVELS - 1 }), { maxLength: 7 })
  .map((levels) => levels.sort((a, b) => a - b));

test("TupleSet holds the tuples of what was added, each once", () => {
  fc.assert(
    fc.property(
      fc.array(ASCENDING, { maxLength: 5 }),
      fc.integer({ min: 1, max: 4 }),
      (rows, strength) => {
        const set = new TupleSet(LEVELS, strength);
        for (const row of rows) set.add(row);
        const held = new Set(rows.flatMap((row) => [...subsets(row, strength)]).map(String));
        const all = [...subsets([...Array(LEVELS).keys()], strength)];
        assert.deepEqual(
          all.filter((tuple) => set.has(tuple)).map(String),
          all.map(String).filter((text) => held.has(text)),
        );
        assert.equal(set.size, held.size);
        assert.equal(set.copy().size, held.size);
      },
    ),
    { seed: 1 },
  );
});

test("TupleSet.lacking() counts the missing tuples with one level, some below, some above", () => {
  fc.assert(
    fc.property(
      ASCENDING,
      ASCENDING.filter(({ length }) => length > 0),
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 1, max: 4 }),
      (added, levels, one, gap, strength) => {
        const set = new TupleSet(LEVELS, strength);
        set.add(added);
        const at = one % levels.length;
        const above = at + 1 + (gap % (levels.length - at));
        const eligible = [...levels.slice(0, at + 1), ...levels.slice(above)];
        const missing = [...subsets(eligible, strength)].filter(
          (tuple) => tuple.includes(levels[at] as number) && !set.has(tuple),
        );
        assert.equal(set.lacking(levels, at, above), missing.length);
      },
    ),
    { seed: 1, numRuns: 500 },
  );
});

test("TupleSet.put() adds one tuple, and what is added after it is all there", () => {
  const set = new TupleSet(4, 2);
  set.add([0, 1]);
  for (let time = 0; time < 2; time++) set.put([1, 3]);
  assert.deepEqual([set.size, set.has([1, 3]), set.has([0, 3])], [2, true, false]);
  set.add([0, 1, 3]);
  assert.deepEqual([set.size, set.has([0, 3])], [3, true]);
});

test("TupleSet.copy() is a set of its own", () => {
  const set = new TupleSet(4, 2);
  set.add([0, 1]);
  const copy = set.copy();
  copy.add([2, 3]);
  assert.deepEqual([set.size, copy.size, set.has([2, 3])], [1, 2, false]);
});

test("TupleSet refuses more places than memory should give it", () => {
  assert.ok(TupleSet.fits(1_000, 3));
  assert.ok(!TupleSet.fits(2_000, 3));
  assert.throws(() => new TupleSet(2_000, 3), {
    message:
      "Cannot hold tuples of 3 levels as there must be at most 268435456: " +
      "current value is 1331334000",
  });
});
