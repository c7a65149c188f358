/**
 * Variables: what an edge of a path has one value of each. The two releases, the configuration of
 * each side, and every axis that is not per hop; in that order.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import { partsOf } from "./factors.ts";
import { oddAxes } from "./hops.ts";

export interface Variable {
  /** `writer`, `writer.configuration`, `reader`, `reader.configuration` or the name of an axis. */
  readonly name: string;
  readonly values: readonly string[];
  /** Edition of each value. */
  readonly editions: readonly number[];
  /** The first edition without a value, by its number; absent for those that stay. */
  readonly ends?: ReadonlyMap<number, number>;
  /** Number of the value that does not vary; -1 when there is none. */
  readonly neutral: number;
  /** What each value makes of the factors of the edge, those that constraints look at. */
  readonly factors: readonly Readonly<Record<string, string>>[];
  /** What each value is as levels to cover: itself, or its parts. */
  readonly levels: readonly (readonly string[])[];
  /** What each value has apart from neutral ones: axes of a hop, in a configuration. */
  readonly odd: readonly (readonly Axis[])[];
  /** The axis that it is; absent for releases and configurations. */
  readonly axis?: Axis;
}

/** The variables of an edge. */
export function variablesOf(space: Space): Variable[] {
  const sides = (["writer", "reader"] as const).flatMap((side) => [
    releaseVariable(space, side),
    configurationVariable(space, side),
  ]);
  const axes = space.axes.filter(({ per }) => per !== "hop").map(axisVariable);
  return [...sides, ...axes];
}

/** The highest edition of anything in `space`. */
export function editionsOf(space: Space): number {
  const { pastConstraints = [] } = space;
  return Math.max(
    ...variablesOf(space).flatMap(({ editions, ends }) => [...editions, ...(ends?.values() ?? [])]),
    ...pastConstraints.map(({ edition }) => edition),
  );
}

function releaseVariable({ releases, releaseEditions }: Space, side: string): Variable {
  return {
    name: side,
    values: releases,
    editions: releases.map((release) => releaseEditions?.[release] ?? 1),
    neutral: -1,
    factors: releases.map((release) => ({ [side]: release })),
    levels: releases.map((release) => [release]),
    odd: releases.map(() => []),
  };
}

function configurationVariable(space: Space, side: string): Variable {
  const { axes, configurations, configurationEditions = [] } = space;
  const values = configurations.map((inputs) => Object.values(inputs).join(","));
  return {
    name: `${side}.configuration`,
    values,
    editions: configurations.map((inputs, index) =>
      Math.max(
        configurationEditions[index] ?? 1,
        ...axes.map((axis) => editionOf(axis, inputs[axis.name])),
      ),
    ),
    neutral: -1,
    factors: configurations.map((inputs) =>
      Object.fromEntries(Object.entries(inputs).map(([name, value]) => [`${side}.${name}`, value])),
    ),
    levels: values.map((value) => [value]),
    odd: configurations.map((inputs) => oddAxes(axes, inputs)),
  };
}

function axisVariable(axis: Axis): Variable {
  const { name, neutral, retired = [] } = axis;
  const values = everyValue(axis);
  const parts = values.map((value) => partsOf(axis, value));
  return {
    name,
    values,
    ends: new Map(retired.map(({ value, edition }) => [values.indexOf(value), edition])),
    editions: values.map((value) => editionOf(axis, value)),
    neutral: neutral === undefined ? -1 : values.indexOf(neutral),
    factors: values.map((value, index) => ({ [name]: value, ...parts[index] })),
    levels:
      axis.parts === undefined
        ? values.map((value) => [value])
        : parts.map((texts) => Object.values(texts)),
    odd: values.map((value) => (neutral === undefined || value === neutral ? [] : [axis])),
    axis,
  };
}

/** The values of `axis` and those that have left, in the order in which they came. */
function everyValue({ values, retired = [] }: Axis): readonly string[] {
  const all = [...values];
  for (const { value, after } of retired) all.splice(all.indexOf(after) + 1, 0, value);
  return all;
}

/** Edition of a value of `axis`. What came before the axis was neutral in it. */
function editionOf({ edition = 1, editions, neutral }: Axis, value: string | undefined): number {
  if (value === undefined || value === neutral) return 1;
  return editions?.[value] ?? edition;
}
