import assert from "node:assert/strict";
import { test } from "node:test";
import { check } from "./check.ts";
import { keepsCount } from "./counter_claim.ts";
import type { Defect } from "./defect.ts";
import { DefectHunt, type Finding } from "./defect_hunt.ts";
import { pairsOf } from "./defect_plan.ts";
import { counterDefects, defectiveAdapter, defectiveSpace } from "./defective_counter.ts";
import type { Expectation } from "./expectation.ts";
import { bindScenarios } from "./program.ts";
import { scenario, suite } from "./scenario.ts";

const [FORGETS, SLEEPS] = counterDefects as [Defect, Defect];

const TOO_OLD: Expectation = {
  name: "too-old",
  factors: { writer: "1", reader: "3" },
  verdict: "refused",
  reason: "too old",
  link: "https://example.com/counter/1",
  note: "Release 3 has forgotten how release 1 counts.",
};

const CLAIMS = suite("counter", [
  keepsCount,
  scenario({
    name: "is-blue",
    must: "The counter is blue",
    source: "counter manual, 2",
    needs: [],
    after: () => check(false, "the counter is 0"),
  }),
]);

async function found(defects: readonly Defect[], expectations: readonly Expectation[]) {
  const pairs = defects.flatMap((defect) => pairsOf(defectiveSpace, defect, () => undefined));
  const scenarios = bindScenarios([CLAIMS]);
  const input = { adapter: defectiveAdapter(), space: defectiveSpace, scenarios, oracles: [] };
  const hunt = new DefectHunt({ ...input, expectations, seed: 1 }, pairs);
  const findings: Finding[] = [];
  for await (const finding of hunt.findings()) if (finding !== null) findings.push(finding);
  return { findings, hunt };
}

test("DefectHunt catches a defect by the cells that fail for its cause", async () => {
  const { findings } = await found([FORGETS], [TOO_OLD]);
  const [finding] = findings;
  assert.equal(finding?.caught, true);
  assert.equal(finding?.conditions, 18);
  // What fails without the defect, too, is not its doing, whatever it says.
  assert.deepEqual(finding?.catches, [
    {
      scenario: "counter/keeps-count",
      verdict: "failed",
      cells: 16,
      naming: 16,
      reason: "count was 1 and is 0",
      condition: "counter@1[up]>1[up] size=small defect=forgets",
    },
  ]);
});

test("DefectHunt does not catch a defect that does nothing", async () => {
  const { findings } = await found([SLEEPS], [TOO_OLD]);
  assert.deepEqual(findings, [{ defect: SLEEPS, conditions: 2, caught: false, catches: [] }]);
});

test("DefectHunt does not catch a defect whose cause nobody names", async () => {
  const mute = { ...FORGETS, cause: /overflow/ };
  const { findings } = await found([mute], [TOO_OLD]);
  assert.equal(findings[0]?.caught, false);
  assert.deepEqual(
    findings[0]?.catches.map(({ cells, naming }) => [cells, naming]),
    [[16, 0]],
  );
});

test("DefectHunt counts cells that are known as the defect of a release", async () => {
  const known = {
    ...SLEEPS,
    ...{ fields: [{ writers: ["1"], readers: ["3"] }] },
    cause: /too old/,
  };
  assert.equal((await found([known], [TOO_OLD])).findings[0]?.caught, false);
  const named = { ...known, known: "too-old" };
  assert.equal((await found([named], [TOO_OLD])).findings[0]?.caught, true);
});

test("DefectHunt runs a condition without defects once, for all who need it", async () => {
  const twin = { ...FORGETS, name: "sleeps" };
  const { findings, hunt } = await found([FORGETS, twin], [TOO_OLD]);
  assert.deepEqual(
    findings.map(({ caught }) => caught),
    [true, false],
  );
  assert.equal(hunt.run.header.planned, 18 * 3);
  assert.equal(hunt.run.tally.conditions, 18 * 3);
});
