/**
 * Factors: what an edge of a condition is told apart by. Selection, expectations, constraints and
 * coverage speak of factors only.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import { type Condition, settingsAt } from "./condition.ts";
import type { Hop } from "./path.ts";

/** Between the parts of a value. */
const NEXT_PART = ":";

/**
 * The factors of one edge of a condition: `writer` and `reader` (releases), `writer.AXIS` and
 * `reader.AXIS` for each per-hop axis, and the settings by their own names, those per save as they
 * are at the save of the edge; `AXIS.PART` where values have parts. `first` is the release that
 * the machine was booted with, as a state keeps the shape that its first writer chose.
 */
export function factorsOf(
  { path, settings }: Condition,
  edge: number,
  axes: readonly Axis[],
): Record<string, string> {
  const writer = path[edge];
  const reader = path[edge + 1];
  if (writer === undefined || reader === undefined) {
    throw new RangeError(
      `Cannot name factors as edge must be on the path: current value is ${edge}`,
    );
  }
  const factors: Record<string, string> = {
    first: path[0].release,
    ...sidesOf(writer).writer,
    ...sidesOf(reader).reader,
    ...settingsAt(settings, edge, axes),
  };
  for (const axis of axes) {
    if (axis.parts !== undefined) Object.assign(factors, partsOf(axis, factors[axis.name] ?? ""));
  }
  return factors;
}

/** What a hop is as the writer and as the reader of an edge. */
interface Sides {
  readonly writer: Readonly<Record<string, string>>;
  readonly reader: Readonly<Record<string, string>>;
}

/** Hops are few and shared. */
const sidesOfHops = new WeakMap<Hop, Sides>();

function sidesOf(hop: Hop): Sides {
  const known = sidesOfHops.get(hop);
  if (known !== undefined) return known;
  const sides = { writer: sideOf("writer", hop), reader: sideOf("reader", hop) };
  sidesOfHops.set(hop, sides);
  return sides;
}

function sideOf(side: keyof Sides, { release, inputs }: Hop): Record<string, string> {
  const factors: Record<string, string> = { [side]: release };
  for (const [axis, value] of Object.entries(inputs)) factors[`${side}.${axis}`] = value;
  return factors;
}

type Parts = Readonly<Record<string, string>>;

/** Values of an axis are few, and asked for on every edge. */
const partsOfAxes = new WeakMap<Axis, Map<string, Parts>>();

/** The parts of a value by the names of their factors; nothing for an axis without parts. */
export function partsOf(axis: Axis, value: string): Parts {
  const ofAxis = partsOfAxes.get(axis) ?? new Map<string, Parts>();
  partsOfAxes.set(axis, ofAxis);
  const parts = ofAxis.get(value) ?? madeParts(axis, value);
  ofAxis.set(value, parts);
  return parts;
}

function madeParts({ name, parts }: Axis, value: string): Parts {
  if (parts === undefined) return {};
  const texts = value.split(NEXT_PART);
  const whole = texts.length !== parts.length;
  return Object.fromEntries(
    parts.map((part, index) => [`${name}.${part}`, whole ? value : (texts[index] ?? "")]),
  );
}

/** Every factor of `space` with its values. */
export function factorValues({
  releases,
  axes,
}: Pick<Space, "releases" | "axes">): Map<string, readonly string[]> {
  const factors = new Map([
    ["first", releases],
    ["writer", releases],
    ["reader", releases],
  ]);
  for (const axis of axes) {
    const { name, per, values } = axis;
    const names = per === "hop" ? [`writer.${name}`, `reader.${name}`] : [name];
    for (const factor of names) factors.set(factor, values);
    const parts = values.map((value) => partsOf(axis, value));
    for (const factor of Object.keys(parts[0] ?? {})) {
      factors.set(factor, [...new Set(parts.map((part) => part[factor] ?? ""))]);
    }
  }
  return factors;
}
