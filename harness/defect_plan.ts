/**
 * The conditions under which defects are looked for: each one with its defect, after the same one
 * without, so that only what the defect does counts.
 *
 * @module
 */
import type { Space } from "./axis.ts";
import { type Condition, valuesOf } from "./condition.ts";
import { conditionName, neutralOf } from "./condition_name.ts";
import { DEFECT_AXIS, type Defect, type Field } from "./defect.ts";
import { hopOf } from "./hops.ts";
import { settingAxes } from "./matrix.ts";
import type { Hop, Path } from "./path.ts";
import type { Planned } from "./plan.ts";
import { brokenBy } from "./space_rules.ts";

type Settings = Condition["settings"];

/** A condition, sound and with the defect. */
export interface Pair {
  readonly defect: Defect;
  readonly sound: Planned;
  readonly seeded: Planned;
}

/** Everything to be run for `defect`, each condition once. */
export function pairsOf(
  space: Space,
  defect: Defect,
  scenariosOn: (name: string) => Planned["selected"],
): Pair[] {
  const pairs = new Map<string, Pair>();
  for (const field of defect.fields) {
    for (const condition of conditionsOf(space, field)) {
      const name = conditionName(condition, space.axes);
      if (pairs.has(name)) continue;
      const selected = scenariosOn(name);
      const settings = { ...condition.settings, [DEFECT_AXIS]: defect.name };
      const seeded = { path: condition.path, settings };
      pairs.set(name, {
        defect,
        sound: { condition, name, selected },
        seeded: { condition: seeded, name: conditionName(seeded, space.axes), selected },
      });
    }
  }
  return [...pairs.values()];
}

/** The possible conditions of `field`, without any defect; those that begin alike in a row. */
function* conditionsOf(space: Space, field: Field): Generator<Condition> {
  const { hops = [{}, {}], writers = space.releases, readers = space.releases } = field;
  const inputs = hops.map((wanted) => configurationWith(space, wanted));
  for (const settings of settingsOf(space, field)) {
    for (const writer of writers) {
      for (const reader of readers) {
        const path = inputs.map((input, at) => hopOf(space, at === 0 ? writer : reader, input));
        const condition = { path: path as unknown as Path, settings };
        if (brokenBy(space, condition) === undefined) yield condition;
      }
    }
  }
}

/** The first configuration with the `wanted` inputs. */
function configurationWith({ axes, configurations }: Space, wanted: Hop["inputs"]): Hop["inputs"] {
  const neutral = neutralOf(axes);
  const found = configurations.find((inputs) =>
    Object.entries(wanted).every(([axis, value]) => (inputs[axis] ?? neutral[axis]) === value),
  );
  if (found !== undefined) return found;
  throw new RangeError(
    "Cannot look for defect as some configuration must have the inputs of its field: " +
      `current value is ${JSON.stringify(wanted)}`,
  );
}

function settingsOf(space: Space, { values = {} }: Field): Settings[] {
  checkValues(space, values);
  let rows: Record<string, string>[] = [{}];
  for (const { name, neutral, values: all } of settingAxes(space)) {
    const given = values[name] ?? [neutral ?? all[0] ?? ""];
    rows = rows.flatMap((row) => given.map((value) => ({ ...row, [name]: value })));
  }
  return rows;
}

/** A value that is gone would look for a defect where nothing happens. */
function checkValues(space: Space, values: NonNullable<Field["values"]>): void {
  for (const [name, given] of Object.entries(values)) {
    const axis = settingAxes(space).find((it) => it.name === name);
    const all = given.flatMap((text) => valuesOf(text, 1));
    const lost = all.find((it) => axis?.values.includes(it) !== true);
    if (lost === undefined) continue;
    throw new RangeError(
      `Cannot look for defect as ${name} must have the values of its field: ` +
        `current value is ${lost}`,
    );
  }
}
