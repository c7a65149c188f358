/**
 * Paths of a number of hops by numbers: a dimension for each release and configuration, for each
 * axis at each save, and for each axis of the path; and the constraints, edge by edge, as rules.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import { type Condition, settingOf } from "./condition.ts";
import type { Dimension, Row } from "./covering/dimension.ts";
import type { Rule } from "./covering/rule.ts";
import { edgeRules } from "./edge_rules.ts";
import { hopOf } from "./hops.ts";
import type { Path } from "./path.ts";
import { type Variable, variablesOf } from "./variables.ts";

export interface LayoutOptions {
  /** Hops of the paths. */
  readonly hops: number;
  /** Only what there was up to this edition; everything when absent. */
  readonly edition?: number;
  /** Whether rows have more than the neutral value of an axis that has one. */
  varies(axis: Axis): boolean;
  /** By dimension: the only values that it may have. */
  readonly pins?: ReadonlyMap<number, readonly number[]>;
}

export interface Layout {
  readonly dimensions: readonly Dimension[];
  readonly rules: readonly Rule[];
  /** By dimension: the value that it has when nothing is disturbed, or -1. */
  readonly usual: readonly number[];
  /** How many levels there are. */
  readonly levels: number;
  conditionOf(row: Row): Condition;
  /** True when a row has a value that has left by the edition. */
  isPast(row: Row): boolean;
  /** Dimensions of an edge, in the order of the variables. */
  dimensionsOf(edge: number): readonly number[];
}

export function layoutOf(space: Space, options: LayoutOptions): Layout {
  const variables = variablesOf(space);
  const places = placesOf(variables, options.hops);
  const used = variables.map((variable) => usedValues(variable, options));
  const { edition } = options;
  const first = edgeRules(space, variables, used, edition);
  const later = edgeRules(space, variables, used, edition, neutralLater(variables));
  const dimensionsOf = (edge: number) =>
    variables.map((_, variable) => placeOf(places, variables, variable, edge));
  const rules: Rule[] = [];
  for (let edge = 0; edge + 1 < options.hops; edge++) {
    const dimensions = dimensionsOf(edge);
    for (const { table, variables: about } of edge === 0 ? first : later) {
      rules.push({ table, dimensions: about.map((variable) => dimensions[variable] ?? 0) });
    }
  }
  const values = places.map(({ variable }, at) => options.pins?.get(at) ?? used[variable] ?? []);
  return {
    ...numbered(
      places.map(({ variable }) => variables[variable] as Variable),
      values,
      options.edition,
    ),
    rules,
    usual: places.map(({ variable }) => variables[variable]?.neutral ?? -1),
    conditionOf: (row) => conditionOf(space, variables, places, row),
    isPast: (row) =>
      places.some(({ variable }, at) => {
        return hasLeft(variables[variable] as Variable, row[at] ?? 0, options.edition);
      }),
    dimensionsOf,
  };
}

/** The number of the dimension for a release (first) and its configuration (next), by hop. */
export function releaseDimension(hop: number): number {
  return 2 * hop;
}

/** What a dimension holds: a variable of an edge, and of which hop or save it is. */
interface Place {
  readonly variable: number;
  readonly at: number;
}

const [WRITER, READER] = [0, 2] as const;

/** The dimensions: releases and configurations by hop, then axes by save, then those of paths. */
function placesOf(variables: readonly Variable[], hops: number): Place[] {
  const places: Place[] = [];
  for (let at = 0; at < hops; at++) {
    places.push({ variable: WRITER, at }, { variable: WRITER + 1, at });
  }
  for (let at = 0; at + 1 < hops; at++) {
    for (const [variable, { axis }] of variables.entries()) {
      if (axis?.per === "save") places.push({ variable, at });
    }
  }
  for (const [variable, { axis }] of variables.entries()) {
    if (axis?.per === "path") places.push({ variable, at: 0 });
  }
  return places;
}

/** The dimension of a variable on an edge. */
function placeOf(
  places: readonly Place[],
  variables: readonly Variable[],
  variable: number,
  edge: number,
): number {
  if (variable < READER) return releaseDimension(edge) + variable;
  if (variable < READER + 2) return releaseDimension(edge + 1) + variable - READER;
  const at = variables[variable]?.axis?.per === "save" ? edge : 0;
  return places.findIndex((place) => place.variable === variable && place.at === at);
}

/** What only the first edge has, at its neutral value. */
function neutralLater(variables: readonly Variable[]): ReadonlyMap<number, number> {
  const entries = variables.map(({ neutral, axis }, at) => (axis?.onlyFirst ? [at, neutral] : []));
  return new Map(entries.filter(([at]) => at !== undefined) as [number, number][]);
}

function usedValues(variable: Variable, { edition, varies }: LayoutOptions): number[] {
  const { values, editions, odd } = variable;
  const known = [...values.keys()].filter(
    (it) => odd[it]?.every(varies) && !hasLeft(variable, it, edition),
  );
  return edition === undefined ? known : known.filter((it) => (editions[it] ?? 1) <= edition);
}

/** Whether a value is none any more at `edition`; the last one when absent. */
function hasLeft({ ends }: Variable, value: number, edition = Number.POSITIVE_INFINITY): boolean {
  const end = ends?.get(value);
  return end !== undefined && edition >= end;
}

/** The dimensions, with the levels of all that vary numbered through. */
function numbered(
  variables: readonly Variable[],
  used: readonly (readonly number[])[],
  edition = Number.POSITIVE_INFINITY,
) {
  let next = 0;
  const dimensions = variables.map((variable, at): Dimension => {
    const values = used[at] ?? [];
    const levels: number[][] = variable.values.map(() => []);
    const whole = edition < (variable.axis?.partsEdition ?? 1);
    const texts = whole ? variable.values.map((value) => [value]) : variable.levels;
    const parts = texts[0]?.length ?? 0;
    for (let part = 0; part < parts; part++) {
      const textOf = (value: number) => texts[value]?.[part] ?? "";
      const distinct = [...new Set(values.map(textOf))];
      if (distinct.length < 2) continue;
      for (const value of values) levels[value]?.push(next + distinct.indexOf(textOf(value)));
      next += distinct.length;
    }
    return { values, levels };
  });
  return { dimensions, levels: next };
}

function conditionOf(
  space: Space,
  variables: readonly Variable[],
  places: readonly Place[],
  row: Row,
): Condition {
  const path = [];
  for (let at = 0; places[at]?.variable === WRITER; at += 2) {
    const release = space.releases[row[at] ?? 0] ?? "";
    path.push(hopOf(space, release, space.configurations[row[at + 1] ?? 0] ?? {}));
  }
  const texts: string[][] = variables.map(() => []);
  for (const [at, { variable }] of places.entries()) {
    texts[variable]?.push(variables[variable]?.values[row[at] ?? 0] ?? "");
  }
  const settings: Record<string, string> = {};
  for (const [variable, { axis }] of variables.entries()) {
    if (axis !== undefined) settings[axis.name] = settingOf(texts[variable] ?? []);
  }
  return { path: path as unknown as Path, settings };
}
