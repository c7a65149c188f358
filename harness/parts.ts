/**
 * The parts of a plan by name, in the order in which they are run.
 *
 * @module
 */
import type { Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { cover } from "./cover.ts";
import { pingPong, triples } from "./long_paths.ts";
import { faults, pairs, slice } from "./matrix.ts";
import type { Scenario } from "./scenario.ts";
import { swarm } from "./swarm.ts";

/** What the parts are made of, and how much of it. */
export interface PartInput {
  readonly space: Space;
  readonly scenarios: readonly Scenario[];
  readonly seed: number;
  /** Strength of the covering rows. */
  readonly strength: number;
  /** Conditions of the swarm. */
  readonly conditions: number;
}

/** Streams the conditions of one part. */
export type Part = (input: PartInput) => Iterable<Condition>;

/** A random stream has no end of its own, so it only runs when it is asked for. */
const ON_DEMAND: ReadonlySet<string> = new Set(["swarm"]);

/** The parts that `space` has. */
export function partsOf({ slices = [] }: Space): ReadonlyMap<string, Part> {
  const declared = slices.map((it): [string, Part] => [it.name, ({ space }) => slice(space, it)]);
  return new Map<string, Part>([
    ["pairs", ({ space }) => pairs(space)],
    ...declared,
    ["faults", ({ space, scenarios }) => faults(space, scenarios)],
    ["cover", ({ space, strength }) => cover(space, strength)],
    ["ping-pong", ({ space }) => families(space).values().flatMap(pingPong)],
    ["triples", ({ space }) => families(space).values().flatMap(triples)],
    ["swarm", ({ space, seed, conditions }) => swarm(space, seed, conditions)],
  ]);
}

/** The space as each family of releases sees it. */
function families(space: Space): Space[] {
  return (space.families ?? [space.releases]).map((releases) => ({ ...space, releases }));
}

/** The parts that a run has when it is not told otherwise. */
export function usualParts(space: Space): string[] {
  const told = new Set(ON_DEMAND);
  for (const { name, onDemand } of space.slices ?? []) if (onDemand === true) told.add(name);
  return [...partsOf(space).keys()].filter((name) => !told.has(name));
}
