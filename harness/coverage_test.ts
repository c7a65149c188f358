import assert from "node:assert/strict";
import { test } from "node:test";
import type { Space } from "./axis.ts";
import { conditionNamed } from "./condition_name.ts";
import { counterSpace } from "./counter_machine.ts";
import { cover } from "./cover.ts";
import { Coverage } from "./coverage.ts";
import { growingSpace } from "./growing_space.ts";

/** What a run of the conditions with these names covers. */
function covered(space: Space, ...names: readonly string[]) {
  const coverage = new Coverage(space);
  for (const name of names) coverage.add(conditionNamed(space, name));
  return coverage.counts();
}

/**
 * Counted by hand. Factors: writer 3, its mode 2, reader 3, its mode 2, size 2, fault 5. Pairs:
 * the product of the sizes of each two, 9 + 2 x 6 + 2 x 6 + 4 for the hops, 10 x 2 and 10 x 5 for
 * them with size and fault, 10 for these two; a change of mode next to release 1 cannot be, which
 * takes no pair away but some triples.
 */
const PAIRS = 9 + 12 + 12 + 4 + 20 + 50 + 10;

test("Coverage counts the pairs and triples of one edge", () => {
  const { tuples } = covered(counterSpace, "counter@1[up]>2[up] size=small");
  assert.deepEqual(
    tuples.map(({ strength, covered }) => [strength, covered]),
    [
      [2, 15],
      [3, 20],
    ],
  );
  assert.equal(tuples[0]?.possible, PAIRS);
});

test("Coverage knows that a triple cannot happen", () => {
  const free = covered({ ...counterSpace, constraints: [] }).tuples;
  const { tuples } = covered(counterSpace);
  // Writer or reader 1, and two different modes: one release and both modes, on either side.
  assert.equal((free[1]?.possible ?? 0) - (tuples[1]?.possible ?? 0), 2 * 2);
  assert.equal(free[0]?.possible, PAIRS);
});

test("Coverage counts each edge of a longer path, and what is only at the first save once", () => {
  const chain = covered(counterSpace, "counter@1[up]>2[up]>3[down] size=small fault=save-fail");
  const edges = covered(
    counterSpace,
    "counter@1[up]>2[up] size=small fault=save-fail",
    "counter@2[up]>3[down] size=small",
  );
  assert.deepEqual(chain, edges);
});

test("Coverage names values that no edge had", () => {
  const { unseen } = covered(counterSpace, "counter@1[up]>2[up] size=small fault=save-fail");
  assert.deepEqual(unseen, [
    "writer=2",
    "writer=3",
    "writer.configuration=down",
    "reader=1",
    "reader=3",
    "reader.configuration=down",
    "size=large",
    "fault=none",
    "fault=save-crash",
    "fault=restore-hang",
    "fault=start-crash",
  ]);
});

test("Coverage is complete at the strength of covering rows, and never varies defects", () => {
  const growth = { release: 2, mode: 1, extra: 2, device: 3, fault: 2, point: 2, salts: [5, 9, 2] };
  const space = growingSpace(growth);
  for (const strength of [2, 3]) {
    const coverage = new Coverage(space);
    for (const condition of cover(space, strength)) coverage.add(condition);
    const { tuples, unseen } = coverage.counts();
    const [reached] = tuples.filter((counts) => counts.strength === strength);
    assert.equal(reached?.covered, reached?.possible);
    assert.deepEqual(unseen, []);
  }
});

test("Coverage has no place for what never varies", () => {
  const name = "counter@1[up]>2[up] size=small";
  const defect = {
    name: "defect",
    per: "path",
    values: ["none", "lost-io"],
    neutral: "none",
    onDemand: true,
    meaning: "A seeded defect",
  } as const;
  const space = { ...counterSpace, axes: [...counterSpace.axes, defect] };
  assert.deepEqual(covered(space, name), covered(counterSpace, name));
  assert.deepEqual(covered(space, `${name} defect=lost-io`), covered(counterSpace, name));
});

test("Coverage passes over what the space does not have", () => {
  const coverage = new Coverage(counterSpace);
  const condition = conditionNamed(counterSpace, "counter@1[up]>2[up] size=small");
  coverage.add({ ...condition, settings: { ...condition.settings, size: "huge" } });
  assert.equal(coverage.counts().tuples[0]?.covered, 0);
});
