import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { everyRow, plainDimensions, ruleOver, tuplesOf } from "./brute_force.ts";
import { coveringRows } from "./covering_rows.ts";
import type { Dimension, Row } from "./dimension.ts";

/** A small space with a rule or two that forbid about a third of the combinations. */
const SPACE = fc.record({
  sizes: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 5 }),
  strength: fc.integer({ min: 1, max: 4 }),
  rules: fc.array(fc.record({ a: fc.nat(), b: fc.nat(), c: fc.nat(), salt: fc.integer() }), {
    maxLength: 2,
  }),
});

function built({ sizes, rules }: typeof SPACE extends fc.Arbitrary<infer T> ? T : never) {
  const dimensions = plainDimensions(sizes);
  const allows = rules.map(({ a, b, c, salt }) => {
    const about = [...new Set([a, b, c].map((at) => at % sizes.length))];
    return {
      about,
      allows: (values: readonly number[]) =>
        values.reduce((sum, value, at) => sum + (value + 1) * (at + 3), Math.abs(salt % 7)) % 3 > 0,
    };
  });
  const tables = allows.map((rule) => ruleOver(dimensions, rule.about, rule.allows));
  const holds = (row: Row) =>
    allows.every((rule) => rule.allows(rule.about.map((at) => row[at] ?? 0)));
  return { dimensions, tables, holds };
}

test("coveringRows covers every tuple that an allowed row holds, by allowed rows only", {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(SPACE, (space) => {
      const { dimensions, tables, holds } = built(space);
      const rows = coveringRows(dimensions, tables, space.strength);
      assert.ok(rows.every(holds));
      const allowed = [...everyRow(dimensions)].filter(holds);
      const varied = space.sizes.filter((size) => size > 1).length;
      const strength = Math.min(space.strength, varied);
      assert.deepEqual(
        tuplesOf(dimensions, strength, rows),
        tuplesOf(dimensions, strength, allowed),
      );
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("coveringRows needs few rows", () => {
  const sizes = [5, 5, 5, 3, 3, 3, 4, 4, 2];
  const pairs = coveringRows(plainDimensions(sizes), [], 2);
  assert.ok(pairs.length >= 25 && pairs.length <= 40, `${pairs.length} rows`);
  const triples = coveringRows(plainDimensions(sizes), [], 3);
  assert.ok(triples.length >= 125 && triples.length <= 200, `${triples.length} rows`);
});

test("coveringRows is deterministic and yields nothing where nothing is allowed", () => {
  const dimensions = plainDimensions([3, 2, 2]);
  assert.deepEqual(coveringRows(dimensions, [], 2), coveringRows(dimensions, [], 2));
  const never = ruleOver(dimensions, [0], () => false);
  assert.deepEqual(coveringRows(dimensions, [never], 2), []);
});

test("coveringRows goes on from earlier rows", () => {
  const dimensions = plainDimensions([3, 3, 2]);
  const all = coveringRows(dimensions, [], 2);
  assert.deepEqual(coveringRows(dimensions, [], 2, all), []);
  const rest = coveringRows(dimensions, [], 2, all.slice(0, 4));
  assert.equal(tuplesOf(dimensions, 2, [...all.slice(0, 4), ...rest]).size, 3 * 3 + 3 * 2 + 3 * 2);
});

/** One dimension whose values have two parts, and one plain one. */
const PARTED: readonly Dimension[] = [
  // none:none, disk:drop, disk:delay, net:drop
  {
    values: [0, 1, 2, 3],
    levels: [
      [0, 3],
      [1, 4],
      [1, 5],
      [2, 4],
    ],
  },
  { values: [0, 1], levels: [[6], [7]] },
];

test("coveringRows covers parts as factors, and only values that there are", () => {
  const rows = coveringRows(PARTED, [], 2);
  assert.deepEqual(tuplesOf(PARTED, 2, rows), tuplesOf(PARTED, 2, everyRow(PARTED)));
  assert.ok(rows.length < 8, "fewer than all combinations");
});

test("coveringRows has each value at least once, whatever the strength", () => {
  // Three values with two levels each: two of them show all levels.
  const dimensions: Dimension[] = [
    {
      values: [0, 1, 2],
      levels: [
        [0, 2],
        [1, 3],
        [1, 2],
      ],
    },
  ];
  const rows = coveringRows(dimensions, [], 1);
  assert.deepEqual(rows.map(([value]) => value).sort(), [0, 1, 2]);
});

test("coveringRows is quick about a large space", { timeout: 20_000 }, () => {
  const sizes = [5, 3, 5, 3, 4, 4, 2, 30, 25, 3, 2, 3, 2, 16, 11, 5];
  const rows = coveringRows(plainDimensions(sizes), [], 2);
  assert.ok(rows.length >= 750 && rows.length < 800, `${rows.length} rows`);
});
