/**
 * The plan of a run: the conditions that are chosen and can happen, in a fixed order, each once,
 * and the count of those that cannot, by constraint.
 *
 * @module
 */
import type { Constraint, Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { conditionName, conditionNamed } from "./condition_name.ts";
import { settingAxes } from "./matrix.ts";
import { partsOf, usualParts } from "./parts.ts";
import { appliesTo, type BoundOracle, type BoundScenario } from "./program.ts";
import type { RunHeader, ShardHeader } from "./report.ts";
import type { Selection } from "./selection.ts";
import { checkSpace } from "./space_check.ts";
import { brokenBy } from "./space_rules.ts";

export interface Plan {
  readonly parts: readonly { readonly name: string; readonly count: number }[];
  readonly planned: number;
  readonly pruned: RunHeader["pruned"];
  /** Which part of it is run, when others run the rest. */
  readonly shard?: ShardHeader;
  /** Streams the conditions, each time from the start. */
  conditions(): Iterable<Planned>;
}

export interface Planned {
  readonly condition: Condition;
  readonly name: string;
  /** The scenarios and oracles that are chosen on it; undefined means all. */
  readonly selected: ((id: string) => boolean) | undefined;
  /** Place in the whole plan; of a shard only. */
  readonly at?: number;
}

export interface PlanInput {
  readonly space: Space;
  readonly scenarios: readonly BoundScenario[];
  readonly oracles: readonly BoundOracle[];
  /** Seed of everything that looks random. */
  readonly seed: number;
}

/** The part of a plan whose conditions are given by name. */
const NAMED = "named";

/** Makes a plan. Streams the space once to count it. */
export function makePlan(input: PlanInput, selection: Selection): Plan {
  checkSpace(input.space);
  checkWhen(input);
  const counts = new Map(partNames(input.space, selection).map((name) => [name, 0]));
  const pruned = new Map<Constraint, number>();
  for (const { part } of planned(input, selection, [...counts.keys()], pruned)) {
    counts.set(part, (counts.get(part) ?? 0) + 1);
  }
  const parts = [...counts].map(([name, count]) => ({ name, count }));
  return {
    parts,
    planned: parts.reduce((total, { count }) => total + count, 0),
    pruned: input.space.constraints.flatMap((constraint) => {
      const { name, reason } = constraint;
      const count = pruned.get(constraint) ?? 0;
      return count === 0 ? [] : [{ name, reason, count }];
    }),
    *conditions() {
      for (const { one } of planned(input, selection, [...counts.keys()], new Map())) yield one;
    },
  };
}

/** A plan of one condition, by its name; throws when it cannot happen. */
export function planOf(space: Space, name: string): Plan {
  const condition = conditionNamed(space, name);
  const broken = brokenBy(space, condition);
  if (broken !== undefined) {
    throw new RangeError(
      `Cannot find condition as it must be possible (${broken.name}): current value is ${name}`,
    );
  }
  const conditions = () => [{ condition, name, selected: undefined }];
  return { parts: [], planned: 1, pruned: [], conditions };
}

function* planned(
  input: PlanInput,
  selection: Selection,
  names: readonly string[],
  pruned: Map<Constraint, number>,
): Generator<{ readonly part: string; readonly one: Planned }> {
  const { space } = input;
  const asked = new Asked(input);
  /** Names of what is planned; parts may meet. A random stream may repeat itself. */
  const seen = new Set<string>();
  for (const part of names) {
    for (const condition of stream(input, selection, part)) {
      if (!selection.admitsFactors(condition, space.axes)) continue;
      const broken = brokenBy(space, condition);
      if (broken !== undefined) {
        pruned.set(broken, (pruned.get(broken) ?? 0) + 1);
        continue;
      }
      const name = conditionName(condition, space.axes);
      if (seen.has(name)) continue;
      if (part !== "swarm") seen.add(name);
      const selected = selection.scenariosOn(name);
      if (asked.anything(condition.settings, selected)) {
        yield { part, one: { condition, name, selected } };
      }
    }
  }
}

function partNames(space: Space, { parts, names }: Selection): readonly string[] {
  return names === undefined ? (parts ?? usualParts(space)) : [NAMED];
}

function stream(input: PlanInput, selection: Selection, part: string): Iterable<Condition> {
  const { space, seed } = input;
  if (part === NAMED) return named(space, selection.names ?? []);
  const scenarios = input.scenarios.map(({ scenario }) => scenario);
  const { strength, conditions } = selection;
  return partsOf(space).get(part)?.({ space, scenarios, seed, strength, conditions }) ?? [];
}

/** The conditions called `names`, except those that the space does not have any more. */
function* named(space: Space, names: Iterable<string>): Generator<Condition> {
  for (const name of names) {
    try {
      yield conditionNamed(space, name);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
    }
  }
}

/** Knows whether anyone asks anything under given settings. */
class Asked {
  readonly #input: PlanInput;

  constructor(input: PlanInput) {
    this.#input = input;
  }

  anything(settings: Condition["settings"], selected?: (id: string) => boolean): boolean {
    const { space, scenarios, oracles } = this.#input;
    const asks = ({ id }: { readonly id: string }) => selected?.(id) ?? true;
    return (
      oracles.some(asks) ||
      scenarios.some((bound) => asks(bound) && appliesTo(bound.scenario, settings, space.axes))
    );
  }
}

/** Rejects a scenario that speaks of an axis or value that the space does not have. */
function checkWhen({ space, scenarios }: PlanInput): void {
  const axes = new Map(settingAxes(space).map((axis) => [axis.name, axis]));
  for (const { id, scenario } of scenarios) {
    for (const [name, value] of Object.entries(scenario.when ?? {})) {
      const axis = axes.get(name);
      if (axis?.values.includes(value)) continue;
      const valid = axis === undefined ? [...axes.keys()] : axis.values;
      throw new RangeError(
        `Cannot plan scenario "${id}" as when.${name} must be one of ${valid.join(", ")}: ` +
          `current value is ${axis === undefined ? name : value}`,
      );
    }
  }
}
