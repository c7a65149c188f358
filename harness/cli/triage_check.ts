/**
 * Checks explanations: runs conditions that the run has not had, and on which they foretell a
 * failure. What passes there refutes an explanation, and another one is looked for.
 *
 * @module
 */

import { conditionNamed } from "../condition_name.ts";
import { factorsText } from "../evidence/explain.ts";
import type { Failures, Group } from "../evidence/failures.ts";
import { furtherConditions } from "../evidence/further_conditions.ts";
import type { Planned } from "../plan.ts";
import { bindOracles, bindScenarios } from "../program.ts";
import type { RunHeader } from "../report.ts";
import { Run } from "../run.ts";
import type { Implementation } from "./product.ts";

/** How often an explanation may be refuted, and another one be tried. */
const ROUNDS_MAX = 6;
/** Conditions for one explanation in one round. */
const CONDITIONS_MAX = 12;

/** Adds further conditions to `failures`, and answers how many. */
export async function checkFurther(
  failures: Failures,
  implementation: Implementation,
  { seed, expectations }: Pick<RunHeader, "seed" | "expectations">,
): Promise<number> {
  let count = 0;
  let before = "";
  for (let round = 0; round < ROUNDS_MAX; round++) {
    const groups = failures.groups().filter(({ explanations }) => explanations[0]?.passing === 0);
    const now = groups.map(({ explanations }) => factorsText(explanations[0]?.factors ?? {}));
    // Each explanation has been checked once.
    if (now.join("\n") === before) break;
    before = now.join("\n");
    const planned = plannedFor(groups, failures, implementation);
    count += planned.length;
    await addResults(planned, failures, { ...implementation, expectations }, seed);
  }
  return count;
}

function plannedFor(
  groups: readonly Group[],
  failures: Failures,
  { space, adapter }: Implementation,
): readonly Planned[] {
  const planned = new Map<string, Planned>();
  const isThere = (release: string) => adapter.absent?.(release) === undefined;
  for (const { explanations, edges } of groups) {
    const [best] = explanations;
    if (best === undefined) continue;
    const known = new Set([...failures.known, ...planned.keys()]);
    const found = furtherConditions(space, best, edges, known, isThere, CONDITIONS_MAX);
    for (const one of found) {
      planned.set(one.name, { ...one, condition: conditionNamed(space, one.name) });
    }
  }
  return [...planned.values()];
}

async function addResults(
  planned: readonly Planned[],
  failures: Failures,
  { adapter, space, suites, oracles, expectations }: Implementation,
  seed: number,
): Promise<void> {
  if (planned.length === 0) return;
  const plan = { parts: [], planned: planned.length, pruned: [], conditions: () => planned };
  const bound = { scenarios: bindScenarios(suites), oracles: bindOracles(oracles) };
  const run = new Run({ adapter, space, expectations, seed, plan, selection: [], ...bound });
  for await (const result of run.results()) failures.add(result, true);
}
