/**
 * A few conditions of a plan: of each path of releases as many as of any other, as plans repeat
 * themselves in steps that a fixed share of them may fall in with.
 *
 * @module
 */
import type { Planned } from "../plan.ts";
import { evenly } from "./sample.ts";

/** At most `most` of `all`, in the order of the plan. */
export function spread(all: readonly Planned[], most: number): readonly Planned[] {
  if (all.length <= most) return all;
  const paths = [...Map.groupBy(all, releasesOf).values()];
  const chosen = new Set<Planned>();
  // Paths with few conditions leave their share to the others.
  paths.sort((left, right) => left.length - right.length);
  for (const [index, own] of paths.entries()) {
    const share = Math.ceil((most - chosen.size) / (paths.length - index));
    for (const one of evenly(own, Math.min(share, most - chosen.size))) chosen.add(one);
  }
  return all.filter((one) => chosen.has(one));
}

function releasesOf({ condition }: Planned): string {
  return JSON.stringify(condition.path.map(({ release }) => release));
}
