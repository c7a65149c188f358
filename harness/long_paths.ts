/**
 * Paths of three hops. Pairs are not enough: a state keeps the shape that its first writer chose,
 * so the third hop may meet what the second never wrote (QEMU, migration/compatibility, A > B > C).
 *
 * - `ping-pong`: A > B > A for every ordered pair of releases; configurations and path axes at
 *   strength two.
 * - `triples`: all triples of releases at one configuration each, which moves on from triple to
 *   triple, as do the path axes; then triples that change configuration, everything, the releases
 *   too, at strength two.
 *
 * @module
 */
import type { Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { coveringRows } from "./covering.ts";
import { coreSettings, hopOf } from "./matrix.ts";

type Settings = Condition["settings"];
type Allows = (condition: Condition) => boolean;

/** A condition by numbers: releases, configurations, and values of the free path axes. */
interface Layout {
  readonly sizes: readonly number[];
  conditionOf(row: readonly number[]): Condition;
}

export function* pingPong(space: Space, allows: Allows): Generator<Condition> {
  for (const there of space.releases) {
    for (const back of space.releases) {
      if (there === back) continue;
      yield* cover(layout(space, [there, back, there], 2), allows);
    }
  }
}

export function* triples(space: Space, allows: Allows): Generator<Condition> {
  yield* steadyTriples(space, allows);
  yield* cover(layout(space, undefined, 3), allows);
}

function* steadyTriples(space: Space, allows: Allows): Generator<Condition> {
  const settings = coreSettings(space);
  const { releases, configurations } = space;
  let turn = 0;
  for (const a of releases) {
    for (const b of releases) {
      for (const c of releases) {
        const condition = firstAllowed(turn++, configurations.length * settings.length, (index) => {
          const inputs = configurations[index % configurations.length] ?? {};
          const values = settings[index % settings.length] ?? {};
          const path = [hopOf(space, a, inputs), hopOf(space, b, inputs), hopOf(space, c, inputs)];
          return { path: path as unknown as Condition["path"], settings: values };
        });
        if (condition !== undefined) yield condition;
      }
    }
  }

  function firstAllowed(
    from: number,
    count: number,
    conditionAt: (index: number) => Condition,
  ): Condition | undefined {
    for (let step = 0; step < count; step++) {
      const condition = conditionAt(from + step);
      if (allows(condition)) return condition;
    }
    return undefined;
  }
}

function* cover({ sizes, conditionOf }: Layout, allows: Allows): Generator<Condition> {
  for (const row of coveringRows(sizes, (full) => allows(conditionOf(full)))) {
    yield conditionOf(row);
  }
}

/**
 * Factors of a path of three hops: the configurations (`free` of them; with two, the third hop is
 * configured as the first), the path axes, and the releases unless they are given.
 */
function layout(space: Space, given: readonly string[] | undefined, free: 2 | 3): Layout {
  const settings = coreSettings(space);
  const axes = Object.keys(settings[0] ?? {});
  const values = axes.map((axis) => [...new Set(settings.map((row) => row[axis] ?? ""))]);
  const releases = given === undefined ? 3 : 0;
  const sizes = [
    ...new Array<number>(releases).fill(space.releases.length),
    ...new Array<number>(free).fill(space.configurations.length),
    ...values.map(({ length }) => length),
  ];
  const hopAt = (row: readonly number[], hop: number) => {
    const release = given?.[hop] ?? space.releases[row[hop] ?? 0] ?? "";
    return hopOf(space, release, space.configurations[row[releases + (hop % free)] ?? 0] ?? {});
  };
  const settingsOf = (row: readonly number[]): Settings =>
    Object.fromEntries(
      axes.map((axis, index) => [axis, values[index]?.[row[releases + free + index] ?? 0] ?? ""]),
    );
  return {
    sizes,
    conditionOf: (row) => ({
      path: [hopAt(row, 0), hopAt(row, 1), hopAt(row, 2)],
      settings: settingsOf(row),
    }),
  };
}
