/**
 * Few conditions that show what is known to break: the first ones of a plan of each expectation.
 *
 * @module
 */
import { Expectations } from "../expectation_match.ts";
import type { Plan } from "../plan.ts";
import { appliesTo, type BoundOracle, type BoundScenario } from "../program.ts";
import type { Implementation } from "./product.ts";

/** Conditions of each expectation: another one may come first in the one that it is met by. */
const OF_EACH = 3;

/** Names of the conditions. */
export function knownConditions(
  { space: { axes }, expectations }: Implementation,
  plan: Plan,
  scenarios: readonly BoundScenario[],
  oracles: readonly BoundOracle[],
): ReadonlySet<string> {
  const matcher = new Expectations(expectations, scenarios, oracles, axes);
  const asked = new Map(scenarios.map(({ id, scenario }) => [id, scenario]));
  const found = new Map<string, number>();
  const names = new Set<string>();
  for (const { name, condition } of plan.conditions()) {
    for (const [entry, ids] of matcher.about(condition)) {
      const count = found.get(entry) ?? 0;
      const isAsked = [...ids].some((id) => {
        const scenario = asked.get(id);
        return scenario === undefined || appliesTo(scenario, condition.settings, axes);
      });
      if (count >= OF_EACH || !isAsked) continue;
      found.set(entry, count + 1);
      names.add(name);
    }
  }
  return names;
}
