/**
 * Takes each expectation away and sees a cell turn red that it alone explained: no entry is there
 * for nothing. Those that may pass explain what some machine of a long run meets by chance: they go
 * along, and must have conditions to speak of. What no part of the usual plan comes to has to show
 * on paths made for it.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition } from "../condition.ts";
import { conditionName } from "../condition_name.ts";
import type { Expectation } from "../expectation.ts";
import { hopOf } from "../hops.ts";
import { openhcl } from "../implementations/openhcl.ts";
import { makePlan } from "../plan.ts";
import { bindOracles, bindScenarios } from "../program.ts";
import type { CellResult } from "../report.ts";
import { Selection } from "../selection.ts";
import { brokenBy } from "../space_rules.ts";
import { judgedCells } from "./judged_condition.ts";

const { space, suites, oracles, expectations } = openhcl;
const asked = { space, scenarios: bindScenarios(suites), oracles: bindOracles(oracles), seed: 1 };

/** Conditions on which an entry is looked for; the first ones nearly always have it. */
const TRIES_MAX = 20;

function selectionOf({ factors }: Expectation): Selection {
  const wanted = Object.entries(factors).map(([name, value]) => [name, [value].flat()]);
  return new Selection({ where: Object.fromEntries(wanted) });
}

/** The conditions of the plan that `entry` speaks of, the short paths first. */
function* conditionsOf(entry: Expectation): Generator<string> {
  const plan = makePlan(asked, selectionOf(entry));
  let tries = 0;
  for (const { name } of plan.conditions()) {
    if (tries++ === TRIES_MAX) return;
    yield name;
  }
}

/** Paths of two hops that `entry` speaks of, planned or not, with the first values it names. */
function* madeFor(entry: Expectation): Generator<string> {
  const { releases, configurations, axes } = space;
  const hops = releases.flatMap((release) =>
    configurations.map((inputs) => hopOf(space, release, inputs)),
  );
  const settings: Record<string, string> = {};
  for (const { name, per, neutral, values } of axes) {
    const value = [entry.factors[name] ?? neutral ?? values].flat()[0];
    if (per !== "hop" && value !== undefined) settings[name] = value;
  }
  const selection = selectionOf(entry);
  for (const writer of hops) {
    for (const reader of hops) {
      const condition: Condition = { path: [writer, reader], settings };
      if (!selection.admitsFactors(condition, axes)) continue;
      if (brokenBy(space, condition) === undefined) yield conditionName(condition, axes);
    }
  }
}

/** Where `entry` explains what nobody else does: the same cell with it and without it. */
async function explained(
  entry: Expectation,
  conditions: Iterable<string>,
): Promise<readonly [whole: CellResult, without: CellResult] | undefined> {
  const others = expectations.filter((other) => other !== entry && !other.mayPass);
  for (const condition of conditions) {
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

async function checkExplained(entry: Expectation, conditions: Iterable<string>): Promise<void> {
  const found = await explained(entry, conditions);
  assert.ok(found !== undefined, `${entry.name} explains nothing alone`);
  const [whole, without] = found;
  assert.equal(whole.scenario, without.scenario);
  assert.equal(whole.surprise, undefined);
  assert.equal(whole.verdict, without.verdict);
}

for (const entry of expectations) {
  if (entry.mayPass) {
    test(`expectation ${entry.name} speaks of a condition`, { timeout: 60_000 }, async () => {
      if (conditionsOf(entry).next().done) await checkExplained(entry, madeFor(entry));
    });
    continue;
  }
  test(`expectation ${entry.name} keeps a cell green`, { timeout: 60_000 }, async () => {
    await checkExplained(entry, conditionsOf(entry));
  });
}
