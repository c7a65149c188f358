/**
 * The plan of a run: the conditions that are chosen and can happen, in a fixed order, and the
 * count of those that cannot, by constraint.
 *
 * @module
 */
import type { Space } from "./axis.ts";
import { type Condition, conditionName } from "./condition.ts";
import { pingPong, triples } from "./long_paths.ts";
import { faults, pairs, pathAxes } from "./matrix.ts";
import { appliesTo, type BoundOracle, type BoundScenario } from "./program.ts";
import type { RunHeader } from "./report.ts";
import type { PathShape, Selection } from "./selection.ts";

export interface Plan {
  readonly parts: readonly { readonly name: PathShape; readonly count: number }[];
  readonly planned: number;
  readonly pruned: RunHeader["pruned"];
  /** Streams the conditions, each time from the start. */
  conditions(): Iterable<Planned>;
}

export interface Planned {
  readonly condition: Condition;
  readonly name: string;
  /** The scenarios and oracles that are chosen on it; undefined means all. */
  readonly selected: ((id: string) => boolean) | undefined;
}

export interface PlanInput {
  readonly space: Space;
  readonly scenarios: readonly BoundScenario[];
  readonly oracles: readonly BoundOracle[];
}

/** Makes a plan. Streams the space once to count it. */
export function makePlan(input: PlanInput, selection: Selection): Plan {
  checkWhen(input);
  const pruned = new Map<string, number>();
  const parts = selection.shapes.map((name) => ({ name, count: 0 }));
  for (const part of parts) {
    for (const _ of planned(input, selection, part.name, pruned)) part.count++;
  }
  return {
    parts,
    planned: parts.reduce((total, { count }) => total + count, 0),
    pruned: input.space.constraints
      .map(({ name, reason }) => ({ name, reason, count: pruned.get(name) ?? 0 }))
      .filter(({ count }) => count > 0),
    *conditions() {
      for (const shape of selection.shapes) yield* planned(input, selection, shape, new Map());
    },
  };
}

function* planned(
  input: PlanInput,
  selection: Selection,
  shape: PathShape,
  pruned: Map<string, number>,
): Generator<Planned> {
  const { constraints } = input.space;
  const asked = new Asked(input);
  const seen = new Set<string>();
  for (const condition of stream(input, shape)) {
    if (!selection.admitsFactors(condition)) continue;
    const forbids = constraints.find((constraint) => !constraint.allows(condition));
    if (forbids !== undefined) {
      pruned.set(forbids.name, (pruned.get(forbids.name) ?? 0) + 1);
      continue;
    }
    const name = conditionName(condition);
    if (!selection.admitsName(name)) continue;
    if (shape === "triples") {
      // The steady triples and the covering ones may meet.
      if (seen.has(name)) continue;
      seen.add(name);
    }
    const selected = selection.scenariosOn(name);
    if (asked.anything(condition.settings, selected)) yield { condition, name, selected };
  }
}

function stream({ space, scenarios }: PlanInput, shape: PathShape): Iterable<Condition> {
  const allows = (condition: Condition) =>
    space.constraints.every((constraint) => constraint.allows(condition));
  switch (shape) {
    case "pairs":
      return pairs(space);
    case "faults":
      return faults(
        space,
        scenarios.map(({ scenario }) => scenario),
      );
    case "ping-pong":
      return pingPong(space, allows);
    case "triples":
      return triples(space, allows);
  }
}

/** Knows whether anyone asks anything under given settings. */
class Asked {
  readonly #input: PlanInput;
  readonly #applicable = new Map<string, readonly string[]>();

  constructor(input: PlanInput) {
    this.#input = input;
  }

  anything(settings: Condition["settings"], selected?: (id: string) => boolean): boolean {
    const ids = this.#idsUnder(settings);
    return selected === undefined ? ids.length > 0 : ids.some(selected);
  }

  #idsUnder(settings: Condition["settings"]): readonly string[] {
    const key = Object.values(settings).join(" ");
    let ids = this.#applicable.get(key);
    if (ids === undefined) {
      const { space, scenarios, oracles } = this.#input;
      const applicable = scenarios.filter(({ scenario }) =>
        appliesTo(scenario, settings, space.axes),
      );
      ids = [...applicable, ...oracles].map(({ id }) => id);
      this.#applicable.set(key, ids);
    }
    return ids;
  }
}

/** Rejects a scenario that speaks of an axis or value that the space does not have. */
function checkWhen({ space, scenarios }: PlanInput): void {
  const axes = new Map(pathAxes(space).map((axis) => [axis.name, axis]));
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
