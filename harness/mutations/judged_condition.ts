/**
 * The smallest program that judges: one condition by its name, under every scenario, oracle and
 * expectation. What `mutants.ts` bundles, so it imports neither command line nor reporters.
 *
 * @module
 */
import type { Expectation } from "../expectation.ts";
import { openhcl } from "../implementations/openhcl.ts";
import { planOf } from "../plan.ts";
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
  const plan = planOf(space, name);
  const deadlineMs = DEADLINE_MS;
  const run = new Run({ ...asked, adapter, expectations, plan, seed: SEED, deadlineMs });
  for await (const { cells } of run.results()) return cells;
  return [];
}
