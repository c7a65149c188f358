import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { everyRow, plainDimensions, ruleOver, subsets, tuplesOf } from "./brute_force.ts";
import { addPossible } from "./possible.ts";
import { TupleSet } from "./tuple_set.ts";

test("addPossible finds exactly the tuples that an allowed row holds", { timeout: 60_000 }, () => {
  const sizes = fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 2, maxLength: 5 });
  const forbidden = fc.array(fc.array(fc.nat({ max: 3 }), { minLength: 3, maxLength: 3 }), {
    maxLength: 12,
  });
  fc.assert(
    fc.property(sizes, forbidden, fc.integer({ min: 1, max: 3 }), (sizes, forbidden, strength) => {
      const dimensions = plainDimensions(sizes);
      // A chain: each dimension limits the next, so that what is far apart is related.
      const links = sizes.slice(1).map((_, at) => ({
        about: [at, at + 1],
        allows: ([a, b]: readonly number[]) =>
          !forbidden.some(([link, x, y]) => link === at && x === a && y === b),
      }));
      const rules = links.map(({ about, allows }) => ruleOver(dimensions, about, allows));
      const allowed = [...everyRow(dimensions)].filter((row) =>
        links.every(({ about, allows }) => allows(about.map((at) => row[at] ?? 0))),
      );
      const set = new TupleSet(
        sizes.reduce((sum, size) => sum + size, 0),
        strength,
      );
      addPossible(dimensions, rules, set);
      assert.equal(set.size, tuplesOf(dimensions, strength, allowed).size);
    }),
    { seed: 1, numRuns: 300 },
  );
});

test("addPossible keeps what the set already has", () => {
  const dimensions = plainDimensions([2, 2]);
  const set = new TupleSet(4, 2);
  set.add([0, 2]);
  const never = ruleOver(dimensions, [0, 1], () => false);
  addPossible(dimensions, [never], set);
  assert.equal(set.size, 1);
});

test("addPossible finds the same with the tuples of one level less", { timeout: 60_000 }, () => {
  const sizes = fc.array(fc.integer({ min: 2, max: 3 }), { minLength: 3, maxLength: 5 });
  const links = fc.array(fc.tuple(fc.nat({ max: 3 }), fc.nat({ max: 2 }), fc.nat({ max: 2 })), {
    maxLength: 6,
  });
  fc.assert(
    fc.property(sizes, links, (sizes, links) => {
      const dimensions = plainDimensions(sizes);
      // Each forbids two values of neighbours; dimensions between which none is are apart.
      const rules = links.flatMap(([link, x, y]) => {
        const at = link % (sizes.length - 1);
        return ruleOver(dimensions, [at, at + 1], ([a, b]) => a !== x || b !== y);
      });
      const levels = sizes.reduce((sum, size) => sum + size, 0);
      let smaller: TupleSet | undefined;
      for (const strength of [1, 2, 3]) {
        const [alone, helped] = [new TupleSet(levels, strength), new TupleSet(levels, strength)];
        addPossible(dimensions, rules, alone);
        addPossible(dimensions, rules, helped, smaller);
        for (const tuple of subsets([...Array(levels).keys()], strength)) {
          assert.equal(helped.has(tuple), alone.has(tuple), `${tuple}`);
        }
        assert.equal(helped.size, alone.size);
        smaller = helped;
      }
    }),
    { seed: 1, numRuns: 300 },
  );
});
