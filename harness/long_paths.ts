/**
 * Paths of three hops. Pairs are not enough: a state keeps the shape that its first writer chose,
 * so the third hop may meet what the second never wrote (QEMU, migration/compatibility, A > B > C).
 *
 * - `ping-pong`: A > B > A for every ordered pair of releases; configurations, what is asked for
 *   at each save and the other axes of the core grid at strength two.
 * - `triples`: all triples of releases at one configuration each, which moves on from triple to
 *   triple, as do the axes; then triples that change everything, the releases too, at strength two.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { coveringRows } from "./covering/covering_rows.ts";
import { type Rule, ruleTable } from "./covering/rule.ts";
import { hopOf, usualConfigurations } from "./hops.ts";
import { layoutOf, releaseDimension } from "./layout.ts";
import { coreSettings } from "./matrix.ts";
import type { Path } from "./path.ts";
import { brokenBy } from "./space_rules.ts";

const HOPS = 3;
const STRENGTH = 2;

export function* pingPong(space: Space): Generator<Condition> {
  const alike = returnsAsItWas(space.configurations.length);
  for (const there of space.releases.keys()) {
    for (const back of space.releases.keys()) {
      if (there === back) continue;
      const pins = new Map([there, back, there].map((at, hop) => [releaseDimension(hop), [at]]));
      const { dimensions, rules, conditionOf } = layoutOf(space, { hops: HOPS, varies, pins });
      const rows = coveringRows(dimensions, [...rules, alike], STRENGTH);
      for (const row of rows) yield conditionOf(row);
    }
  }
}

export function* triples(space: Space): Generator<Condition> {
  yield* steadyTriples(space);
  const { dimensions, rules, conditionOf } = layoutOf(space, { hops: HOPS, varies });
  for (const row of coveringRows(dimensions, rules, STRENGTH)) yield conditionOf(row);
}

/** Long paths vary what the core grid crosses. */
function varies({ neutral }: Axis): boolean {
  return neutral === undefined;
}

/** The third hop is configured as the first. */
function returnsAsItWas(configurations: number): Rule {
  const values = Array.from({ length: configurations }, (_, index) => index);
  const table = ruleTable(
    [configurations, configurations],
    [values, values],
    ([first, third]) => first === third,
  );
  return { table, dimensions: [releaseDimension(0) + 1, releaseDimension(2) + 1] };
}

function* steadyTriples(space: Space): Generator<Condition> {
  const { releases } = space;
  const configurations = usualConfigurations(space);
  const settings = coreSettings(space);
  const turns = configurations.length * settings.length;
  let turn = 0;
  for (const a of releases) {
    for (const b of releases) {
      for (const c of releases) {
        yield* firstPossible([a, b, c], turn);
        turn++;
      }
    }
  }

  /** The condition of a turn, or the next one that can be. */
  function* firstPossible(visited: readonly string[], from: number): Generator<Condition> {
    for (let index = from; index < from + turns; index++) {
      const inputs = configurations[index % configurations.length] ?? {};
      const path = visited.map((release) => hopOf(space, release, inputs)) as unknown as Path;
      const condition = { path, settings: settings[index % settings.length] ?? {} };
      if (brokenBy(space, condition) !== undefined) continue;
      yield condition;
      return;
    }
  }
}
