/**
 * Takes each expectation away and sees a cell turn red that it alone explained: no entry is there
 * for nothing. Those that may pass explain what some machine of a long run meets by chance: they go
 * along, and must have conditions to speak of.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Expectation } from "../expectation.ts";
import { openhcl } from "../implementations.ts";
import { makePlan } from "../plan.ts";
import { bindOracles, bindScenarios } from "../program.ts";
import type { CellResult } from "../report.ts";
import { Selection } from "../selection.ts";
import { judgedCells } from "./judged_condition.ts";

const { space, suites, oracles, expectations } = openhcl;
const asked = { space, scenarios: bindScenarios(suites), oracles: bindOracles(oracles), seed: 1 };

/** Conditions on which an entry is looked for; the first ones nearly always have it. */
const TRIES_MAX = 20;

/** The conditions that `entry` speaks of, the short paths first. */
function* conditionsOf({ factors }: Expectation): Generator<string> {
  const where = Object.fromEntries(
    Object.entries(factors).map(([name, value]) => [name, [value].flat()]),
  );
  const plan = makePlan(asked, new Selection({ where }));
  let tries = 0;
  for (const { name } of plan.conditions()) {
    if (tries++ === TRIES_MAX) return;
    yield name;
  }
}

/** Where `entry` explains what nobody else does: the same cell with it and without it. */
async function explained(
  entry: Expectation,
): Promise<readonly [whole: CellResult, without: CellResult] | undefined> {
  const others = expectations.filter((other) => other !== entry && !other.mayPass);
  for (const condition of conditionsOf(entry)) {
    const cells = await judgedCells(condition);
    if (!cells.some(({ expected }) => expected === entry.name)) continue;
    const alone = await judgedCells(condition, others);
    for (const [index, whole] of cells.entries()) {
      const without = alone[index];
      if (whole.expected === entry.name && without?.surprise !== undefined) return [whole, without];
    }
  }
  return undefined;
}

for (const entry of expectations) {
  if (entry.mayPass) {
    test(`expectation ${entry.name} speaks of a condition`, { timeout: 60_000 }, () => {
      assert.equal(conditionsOf(entry).next().done, false);
    });
    continue;
  }
  test(`expectation ${entry.name} keeps a cell green`, { timeout: 60_000 }, async () => {
    const found = await explained(entry);
    assert.ok(found !== undefined, `${entry.name} explains nothing alone`);
    const [whole, without] = found;
    assert.equal(whole.scenario, without.scenario);
    assert.equal(whole.surprise, undefined);
    assert.equal(whole.verdict, without.verdict);
  });
}
