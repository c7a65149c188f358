/**
 * The conditions of a space, as lazy, deterministic streams:
 *
 * - `pairs`, the core grid: every release pair x every pair of configurations x every value of
 *   the path axes, those with a neutral value at that value.
 * - `faults`: every other value that some scenario asks for, over all release pairs, each
 *   configuration on both sides, the remaining axes at their first value.
 * - `ping-pong` and `triples`: longer paths, see `long_paths.ts`.
 *
 * Combinations that a constraint removes are counted with its reason.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import type { Hop, Path } from "./path.ts";
import type { Scenario } from "./scenario.ts";

type Settings = Condition["settings"];

/** Axes of a space that belong to the whole path. */
export function pathAxes({ axes }: Space): Axis[] {
  return axes.filter(({ per }) => per === "path");
}

/** A hop of `space`. */
export function hopOf(space: Space, release: string, inputs: Hop["inputs"]): Hop {
  return { implementation: space.implementation, release, inputs };
}

/** Values of the path axes that the core grid crosses, the last axis running fastest. */
export function coreSettings(space: Space): Settings[] {
  const choices = pathAxes(space).map(({ name, neutral, values }) => ({
    name,
    values: neutral === undefined ? values : [neutral],
  }));
  return product(choices);
}

/** The core grid: paths of two hops over every condition. */
export function* pairs(space: Space): Generator<Condition> {
  const settings = coreSettings(space);
  for (const path of pairPaths(space)) {
    for (const values of settings) yield { path, settings: values };
  }
}

/** Conditions for scenarios that ask for a value that is not neutral. */
export function* faults(space: Space, scenarios: readonly Scenario[]): Generator<Condition> {
  const wanted = faultSettings(space, scenarios);
  for (const path of pairPaths(space)) {
    const [writer, reader] = path;
    if (writer.inputs !== reader.inputs) continue;
    for (const settings of wanted) yield { path, settings };
  }
}

/** Paths of two hops. Hops are shared, so that what is known of one is known by its identity. */
function* pairPaths(space: Space): Generator<Path> {
  const hops = space.releases.map((release) =>
    space.configurations.map((inputs) => hopOf(space, release, inputs)),
  );
  for (const writers of hops) {
    for (const readers of hops) {
      for (const before of writers) for (const after of readers) yield [before, after];
    }
  }
}

function faultSettings(space: Space, scenarios: readonly Scenario[]): Settings[] {
  const axes = pathAxes(space);
  const wanted = new Map<string, Settings>();
  for (const { when } of scenarios) {
    if (when === undefined) continue;
    const disturbs = axes.some(
      ({ name, neutral }) => neutral !== undefined && (when[name] ?? neutral) !== neutral,
    );
    if (!disturbs) continue;
    const settings = Object.fromEntries(
      axes.map(({ name, neutral, values }) => [name, when[name] ?? neutral ?? values[0] ?? ""]),
    );
    wanted.set(Object.values(settings).join(" "), settings);
  }
  return [...wanted.values()];
}

function product(
  choices: readonly { readonly name: string; readonly values: readonly string[] }[],
): Settings[] {
  let rows: Record<string, string>[] = [{}];
  for (const { name, values } of choices) {
    rows = rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value })));
  }
  return rows;
}
