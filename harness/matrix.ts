/**
 * The parts of a plan that are crossed in full, as lazy, deterministic streams of paths, of two
 * hops where nothing else is said:
 *
 * - `pairs`, the core grid: every release pair x every pair of configurations x every value of
 *   the axes that have no neutral one; the others at neutral.
 * - slices: what a space declares, over all release pairs, or triples.
 * - `faults`: every other value that some scenario asks for, over all release pairs.
 *
 * Conditions that begin alike come one after the other, as they share their beginning.
 * Slices, unless they say otherwise, and faults use the first configuration that can be.
 * Combinations that a constraint removes are counted with its reason.
 *
 * @module
 */
import type { Axis, Slice, Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { hopOf, usualConfigurations } from "./hops.ts";
import type { Path } from "./path.ts";
import type { Scenario } from "./scenario.ts";
import { brokenBy } from "./space_rules.ts";

type Settings = Condition["settings"];

/** Axes of a space that are settings of a condition, which hops do not have one by one. */
export function settingAxes({ axes }: Space): Axis[] {
  return axes.filter(({ per }) => per !== "hop");
}

/** Settings that the core grid crosses, the last axis running fastest. */
export function coreSettings(space: Space): Settings[] {
  return product(space, ({ neutral, values }) => (neutral === undefined ? values : [neutral]));
}

/** The core grid: paths of two hops over every condition. */
export function* pairs(space: Space): Generator<Condition> {
  const settings = coreSettings(space);
  const { releases } = space;
  const configurations = usualConfigurations(space);
  for (const writer of releases) {
    for (const before of configurations) {
      for (const values of settings) {
        for (const reader of releases) {
          for (const after of configurations) {
            const path: Path = [hopOf(space, writer, before), hopOf(space, reader, after)];
            yield { path, settings: values };
          }
        }
      }
    }
  }
}

/** A part that only this space has. */
export function* slice(space: Space, { values: given, ...paths }: Slice): Generator<Condition> {
  const settings = product(
    space,
    ({ name, neutral, values }) => given[name] ?? [neutral ?? values[0] ?? ""],
  );
  const { between, hops = 2 } = paths;
  if (between === undefined) {
    yield* overReleases(space, settings, hops);
    return;
  }
  for (const writer of space.releases) {
    for (const values of settings) {
      for (const reader of space.releases) {
        for (const [before, after] of between) {
          const path: Path = [hopOf(space, writer, before), hopOf(space, reader, after)];
          yield { path, settings: values };
        }
      }
    }
  }
}

/** Conditions for scenarios that ask for a value that is not neutral. */
export function faults(space: Space, scenarios: readonly Scenario[]): Generator<Condition> {
  return overReleases(space, askedSettings(space, scenarios));
}

/** All paths of releases under each of `settings`, in the first configuration that can be. */
function* overReleases(
  space: Space,
  settings: readonly Settings[],
  hops: 2 | 3 = 2,
): Generator<Condition> {
  const { releases } = space;
  const onward = releases.flatMap((reader) =>
    hops === 2 ? [[reader]] : releases.map((last) => [reader, last]),
  );
  for (const writer of releases) {
    for (const values of settings) {
      for (const others of onward) yield firstPossible(space, [writer, ...others], values);
    }
  }
}

function firstPossible(space: Space, visited: readonly string[], settings: Settings): Condition {
  const conditions = space.configurations.map((inputs): Condition => {
    const path = visited.map((release) => hopOf(space, release, inputs)) as unknown as Path;
    return { path, settings };
  });
  const possible = conditions.find((condition) => brokenBy(space, condition) === undefined);
  // Where none can be, the plan counts the constraint that forbids the first one.
  return possible ?? (conditions[0] as Condition);
}

function askedSettings(space: Space, scenarios: readonly Scenario[]): Settings[] {
  const wanted = new Map<string, Settings>();
  for (const { when } of scenarios) {
    if (when === undefined) continue;
    const axes = settingAxes(space);
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

/** Every combination of the values that `valuesOf` picks of each axis. */
function product(space: Space, valuesOf: (axis: Axis) => readonly string[]): Settings[] {
  let rows: Record<string, string>[] = [{}];
  for (const axis of settingAxes(space)) {
    rows = rows.flatMap((row) => valuesOf(axis).map((value) => ({ ...row, [axis.name]: value })));
  }
  return rows;
}
