/**
 * The smallest program that judges: one condition by its name, under every scenario, oracle and
 * expectation. What `mutants.ts` bundles, so it imports neither command line nor reporters.
 *
 * @module
 */
import { type Condition, conditionName } from "../condition.ts";
import type { Expectation } from "../expectation.ts";
import { openhcl } from "../implementations.ts";
import { hopOf, pathAxes } from "../matrix.ts";
import type { Path } from "../path.ts";
import { bindOracles, bindScenarios } from "../program.ts";
import type { CellResult } from "../report.ts";
import { Run } from "../run.ts";

const SEED = 1;

/** A mutant may never answer. */
const DEADLINE_MS = 2_000;

const { adapter, space, suites, oracles } = openhcl;
const asked = { space, scenarios: bindScenarios(suites), oracles: bindOracles(oracles) };

/** Runs the condition called `name` and answers its cells. */
export async function judgedCells(
  name: string,
  expectations: readonly Expectation[] = openhcl.expectations,
): Promise<readonly CellResult[]> {
  const planned = { condition: conditionNamed(name), name, selected: undefined };
  const plan = { parts: [], planned: 1, pruned: [], conditions: () => [planned] };
  const deadlineMs = DEADLINE_MS;
  const run = new Run({ ...asked, adapter, expectations, plan, seed: SEED, deadlineMs });
  for await (const { cells } of run.results()) return cells;
  return [];
}

/** The condition called `name`; throws when the space has none of that name. */
function conditionNamed(name: string): Condition {
  const [pathText = "", ...settingTexts] = name.split(" ");
  const hops = pathText.split("@").at(-1)?.split(">") ?? [];
  const path = hops.map((hop) => {
    const [release = "", values] = hop.slice(0, -1).split("[");
    const inputs = space.configurations.find((it) => Object.values(it).join(",") === values);
    return hopOf(space, release, inputs ?? {});
  });
  const settings = Object.fromEntries(settingTexts.map((text) => text.split("=")));
  const condition: Condition = { path: path as unknown as Path, settings };
  if (conditionName(condition) === name && happens(condition)) return condition;
  throw new RangeError(`Cannot run condition as it must be possible: current value is ${name}`);
}

function happens(condition: Condition): boolean {
  const { path, settings } = condition;
  return (
    path.length > 1 &&
    path.every(({ release }) => space.releases.includes(release)) &&
    pathAxes(space).every((axis) => axis.values.includes(settings[axis.name] ?? "")) &&
    space.constraints.every((constraint) => constraint.allows(condition))
  );
}
