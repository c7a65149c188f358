/**
 * What exact costs became since a baseline. Times are not judged here: a stored time says nothing
 * about this hour of the machine.
 *
 * @module
 */
import { ALL, type Cost, keyOf } from "./grid_result.ts";

export interface CostChange {
  readonly verdict: "regression" | "improvement";
  readonly before: Cost;
  readonly now: Cost;
}

/** The exact costs that changed, in the order of `now`; what only one of both has is left out. */
export function costChanges(before: readonly Cost[], now: readonly Cost[]): readonly CostChange[] {
  const known = new Map(before.map((cost) => [keyOf(cost), cost]));
  return now.flatMap((cost): CostChange[] => {
    const was = known.get(keyOf(cost));
    if (was === undefined || cost.class !== "exact" || was.class !== "exact") return [];
    // The sum of all releases says nothing that they do not.
    if (cost.writer === ALL || cost.configuration !== ALL) return [];
    const more = STATISTICS.some((each) => cost[each] > was[each]);
    const less = STATISTICS.some((each) => cost[each] < was[each]);
    if (!more && !less) return [];
    return [{ verdict: more ? "regression" : "improvement", before: was, now: cost }];
  });
}

const STATISTICS = ["p50", "p99", "max"] as const;
