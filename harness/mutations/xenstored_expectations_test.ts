/**
 * Takes each expectation of the xenstore daemons away and sees a cell turn red that has the break
 * it speaks of: no entry is there for nothing. That the real daemons break so is what the run of
 * the grid says, for which an entry without a break is stale.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Condition } from "../condition.ts";
import type { Expectation } from "../expectation.ts";
import { Expectations } from "../expectation_match.ts";
import { xenstored } from "../implementations/xenstored.ts";
import { namePattern } from "../name_pattern.ts";
import { makePlan } from "../plan.ts";
import { appliesTo, bindScenarios } from "../program.ts";
import { Selection } from "../selection.ts";

const { space, suites, expectations } = xenstored;
const scenarios = bindScenarios(suites);
const asked = { space, scenarios, oracles: [], seed: 1 };

/** A condition that `entry` speaks of, and a scenario that it says fails there. */
function cellOf({ factors, scenarios: patterns = ["*"] }: Expectation) {
  const where = Object.fromEntries(
    Object.entries(factors).map(([name, value]) => [name, [value].flat()]),
  );
  const parts = ["pairs", "faults"];
  const matches = patterns.map(namePattern);
  for (const { name, condition } of makePlan(asked, new Selection({ where, parts })).conditions()) {
    const found = scenarios.find(
      ({ id, scenario }) =>
        matches.some((match) => match(id)) && appliesTo(scenario, condition.settings, space.axes),
    );
    if (found !== undefined) return { name, condition, scenario: found.id };
  }
  throw new RangeError("Cannot find cell as an expectation must speak of one");
}

/** What `entries` make of a cell that breaks as `entry` says. */
function judged(
  entries: readonly Expectation[],
  { verdict, reason }: Expectation,
  { name, condition, scenario }: { name: string; condition: Condition; scenario: string },
) {
  const cells = [{ scenario, verdict, reason, edge: 0 }];
  const result = { type: "condition", name, condition, transcript: [], cells } as const;
  return new Expectations(entries, scenarios, [], space.axes).judge(result).cells[0];
}

for (const entry of expectations) {
  test(`expectation ${entry.name} explains a cell alone`, () => {
    const cell = cellOf(entry);
    assert.equal(judged(expectations, entry, cell)?.expected, entry.name);
    const others = expectations.filter((other) => other !== entry);
    assert.notEqual(judged(others, entry, cell)?.surprise, undefined);
    const other = judged(expectations, { ...entry, reason: "another" }, cell);
    assert.notEqual(other?.surprise, undefined, "another reason is no surprise");
  });
}
