import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { conditionName } from "./condition_name.ts";
import { counterSpace } from "./counter_machine.ts";
import { cover } from "./cover.ts";
import { factorsOf } from "./factors.ts";
import { type Growth, growingSpace, spaceAt } from "./growing_space.ts";
import { hopOf } from "./hops.ts";
import { coreSettings } from "./matrix.ts";
import { brokenBy } from "./space_rules.ts";
import { editionsOf } from "./variables.ts";

const EDITION = fc.integer({ min: 1, max: 3 });
const GROWTH: fc.Arbitrary<Growth> = fc.record({
  release: EDITION,
  mode: EDITION,
  extra: EDITION,
  device: EDITION,
  fault: EDITION,
  point: EDITION,
  left: fc.integer({ min: 2, max: 4 }),
  parted: EDITION,
  salts: fc.array(fc.nat({ max: 996 }), { maxLength: 4 }),
});
/** Nothing forbidden, everything there from the start. */
const WHOLE: Growth = { release: 1, mode: 1, extra: 1, device: 1, fault: 1, point: 1, salts: [] };

/** The value that leaves. */
const OLD = "fault=silence";

function names(space: Space, strength: number): string[] {
  return [...cover(space, strength)].map((condition) => conditionName(condition, space.axes));
}

/** Every condition of two hops that can be, by the slow way. */
function* everyCondition(space: Space): Generator<Condition> {
  const free = space.axes.map(({ neutral: _, ...axis }) =>
    axis.onDemand ? { ...axis, values: axis.values.slice(0, 1) } : axis,
  );
  const settings = coreSettings({ ...space, axes: free });
  for (const writer of space.releases) {
    for (const reader of space.releases) {
      for (const before of space.configurations) {
        for (const after of space.configurations) {
          for (const values of settings) {
            const path = [hopOf(space, writer, before), hopOf(space, reader, after)] as const;
            const condition: Condition = { path, settings: values };
            if (brokenBy(space, condition) === undefined) yield condition;
          }
        }
      }
    }
  }
}

/** Pairs of levels of different factors, as a report would name them. */
function pairsOf(space: Space, conditions: Iterable<Condition>): Set<string> {
  const pairs = new Set<string>();
  for (const condition of conditions) {
    const levels = levelsOf(condition, space);
    for (const [at, one] of levels.entries()) {
      for (const other of levels.slice(at + 1)) pairs.add(`${one} ${other}`);
    }
  }
  return pairs;
}

/** Releases, whole configurations, and settings by their parts. */
function levelsOf(condition: Condition, { axes }: Space): string[] {
  const { first: _, ...factors } = factorsOf(condition, 0, axes);
  const [writer, reader] = condition.path;
  const wholes = axes.filter(({ parts, onDemand }) => parts !== undefined || onDemand);
  const single = Object.entries(factors).filter(
    ([name]) => !/^(writer|reader)\./.test(name) && !wholes.some((axis) => axis.name === name),
  );
  return [
    ...single.map(([name, value]) => `${name}=${value}`),
    `writer.configuration=${Object.values(writer.inputs)}`,
    `reader.configuration=${Object.values(reader.inputs)}`,
  ];
}

test("cover has every pair of factors that can be, parts of values among them", {
  timeout: 60_000,
}, () => {
  fc.assert(
    fc.property(GROWTH, (growth) => {
      const space = growingSpace(growth);
      const rows = [...cover(space, 2)];
      assert.ok(rows.every((condition) => brokenBy(space, condition) === undefined));
      assert.deepEqual(pairsOf(space, rows), pairsOf(space, everyCondition(space)));
    }),
    { seed: 1, numRuns: 6 },
  );
});

test("cover keeps names and order of earlier rows when a space grows", { timeout: 120_000 }, () => {
  fc.assert(
    fc.property(GROWTH, fc.integer({ min: 1, max: 3 }), (growth, strength) => {
      const space = growingSpace(growth);
      const all = names(space, strength);
      for (const edition of [1, 2]) {
        const before = names(spaceAt(space, edition), strength).filter((it) => !it.includes(OLD));
        assert.deepEqual(all.slice(0, before.length), before);
      }
    }),
    { seed: 1, numRuns: 60 },
  );
});

test("cover drops rows with a value that has left, and covers anew what only they had", () => {
  const space = growingSpace({ ...WHOLE, left: 3, parted: 3 });
  const [before, after] = [spaceAt(space, 2), space].map((it) => names(it, 2));
  assert.ok(before?.some((name) => name.includes(OLD)));
  assert.ok(after?.every((name) => !name.includes(OLD)));
  assert.ok((after?.length ?? 0) > (before?.filter((name) => !name.includes(OLD)).length ?? 0));
  assert.deepEqual(pairsOf(space, cover(space, 2)), pairsOf(space, everyCondition(space)));
});

test("cover keeps rows when a constraint is given up, and adds what it kept apart", () => {
  const space = growingSpace(WHOLE);
  const edition = editionsOf(space) + 1;
  const [one, other] = space.axes.filter(({ per, reserved }) => per === "path" && !reserved);
  assert.ok(one !== undefined && other !== undefined);
  const last = (settings: Readonly<Record<string, string>>) =>
    [one, other].every(({ name, values }) => settings[name] === values.at(-1));
  const past = {
    name: "never-both",
    reason: "Once",
    over: [one.name, other.name],
    allows: (factors: Readonly<Record<string, string>>) => !last(factors),
    edition,
  };
  const before = [...cover({ ...space, constraints: [...space.constraints, past] }, 2)];
  const after = [...cover({ ...space, pastConstraints: [past] }, 2)];
  assert.deepEqual(after.slice(0, before.length), before);
  assert.ok(!before.some(({ settings }) => last(settings)));
  assert.ok(after.slice(before.length).some(({ settings }) => last(settings)));
});

test("cover has every value of an axis with parts, and no defect", () => {
  const space = growingSpace(WHOLE);
  const faults = space.axes.find(({ name }) => name === "fault")?.values ?? [];
  for (const strength of [1, 2]) {
    const rows = [...cover(space, strength)];
    assert.deepEqual(new Set(rows.map(({ settings }) => settings.fault)), new Set(faults));
    assert.ok(rows.every(({ settings }) => settings.defect === "no"));
  }
});

test("cover grows with its strength and repeats itself exactly", () => {
  const counts = [1, 2, 3, 4].map((strength) => names(counterSpace, strength).length);
  assert.deepEqual(
    counts,
    [...counts].sort((a, b) => a - b),
  );
  assert.equal(counts[0], 5, "as many as there are faults");
  const again = { ...counterSpace };
  assert.deepEqual(names(again, 2), names(counterSpace, 2));
});
