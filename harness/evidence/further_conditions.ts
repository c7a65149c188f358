/**
 * Conditions that a run has not had and for which an explanation foretells a failure: variations of
 * those that have failed, one value at a time, and the corners of what is explained.
 *
 * @module
 */
import type { Axis, Inputs, Space } from "../axis.ts";
import { type Condition, settingOf } from "../condition.ts";
import { conditionName } from "../condition_name.ts";
import { factorsOf } from "../factors.ts";
import { hopOf } from "../hops.ts";
import type { Hop, Path } from "../path.ts";
import type { Planned } from "../plan.ts";
import { brokenBy } from "../space_rules.ts";
import { covers, type Explanation } from "./explain.ts";
import type { FailedEdge } from "./failures.ts";

/** Candidates that are looked at; a choice of them is spread over all. */
const CANDIDATES_MAX = 4_000;
/** Corners of an explanation with many values. */
const CORNERS_MAX = 64;

/**
 * Up to `most` conditions of `space` on which `explanation` foretells a failure, without those that
 * are `known` by name. `isThere` says which releases can be started.
 */
export function furtherConditions(
  space: Space,
  explanation: Explanation,
  bases: readonly FailedEdge[],
  known: ReadonlySet<string>,
  isThere: (release: string) => boolean,
  most: number,
): Planned[] {
  const found = new Map<string, Condition>();
  for (const base of bases) {
    for (const condition of variations(space, base, explanation)) {
      if (found.size >= CANDIDATES_MAX) break;
      if (!condition.path.every(({ release }) => isThere(release))) continue;
      if (!covers(explanation, factorsOf(condition, base.edge, space.axes))) continue;
      const name = conditionName(condition, space.axes);
      if (known.has(name) || found.has(name) || brokenBy(space, condition)) continue;
      found.set(name, condition);
    }
  }
  const all = [...found].map(([name, condition]) => ({ name, condition, selected: undefined }));
  const step = Math.max(1, all.length / most);
  return Array.from(
    { length: Math.min(most, all.length) },
    (_, index) => all[Math.floor(index * step)],
  ).filter((one) => one !== undefined);
}

function* variations(
  space: Space,
  base: FailedEdge,
  { factors }: Explanation,
): Generator<Condition> {
  for (const corner of corners(factors)) {
    let condition: Condition | undefined = base.condition;
    for (const [name, value] of corner) {
      condition = condition && changed(space, { condition, edge: base.edge }, name, value);
    }
    if (condition !== undefined) yield condition;
  }
  for (const [name, values] of variable(space, factors)) {
    for (const value of values) {
      const condition = changed(space, base, name, value);
      if (condition !== undefined) yield condition;
    }
  }
}

/** What may be varied: releases, and every axis that is not kept for scenarios of its own. */
function* variable(
  { releases, axes }: Space,
  factors: Explanation["factors"],
): Generator<readonly [name: string, values: readonly string[]]> {
  yield ["writer", releases];
  yield ["reader", releases];
  for (const axis of axes) {
    const names = axis.per === "hop" ? [`writer.${axis.name}`, `reader.${axis.name}`] : [axis.name];
    for (const name of names) if (isFree(axis) || name in factors) yield [name, axis.values];
  }
}

function isFree({ reserved, onDemand }: Axis): boolean {
  return reserved !== true && onDemand !== true;
}

function corners(factors: Explanation["factors"]): (readonly [string, string])[][] {
  let all: (readonly [string, string])[][] = [[]];
  for (const [name, wanted] of Object.entries(factors)) {
    const values = [wanted].flat();
    if (all.length * values.length > CORNERS_MAX) continue;
    all = all.flatMap((corner) => values.map((value) => [...corner, [name, value] as const]));
  }
  return all;
}

/** `base` with another value of one factor of its edge; undefined where there is no such thing. */
function changed(
  space: Space,
  { condition, edge }: FailedEdge,
  name: string,
  value: string,
): Condition | undefined {
  const { path, settings } = condition;
  const [side, axis] = name.split(".") as [string, string?];
  if (side !== "writer" && side !== "reader") {
    if (name === "first") return withHop(space, condition, 0, { release: value });
    return name in settings
      ? { path, settings: { ...settings, [name]: settingOf([value]) } }
      : condition;
  }
  const index = side === "writer" ? edge : edge + 1;
  return axis === undefined
    ? withHop(space, condition, index, { release: value })
    : withHop(space, condition, index, { inputs: { ...path[index]?.inputs, [axis]: value } });
}

function withHop(
  space: Space,
  { path, settings }: Condition,
  index: number,
  change: Partial<Pick<Hop, "release" | "inputs">>,
): Condition | undefined {
  const hops = path.map((hop, at) => {
    const { release, inputs } = at === index ? { ...hop, ...change } : hop;
    const configuration = space.configurations.find((one) => isSame(one, inputs));
    return configuration && hopOf(space, release, configuration);
  });
  if (hops.some((hop) => hop === undefined)) return undefined;
  return { path: hops as unknown as Path, settings };
}

function isSame(a: Inputs, b: Inputs): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
