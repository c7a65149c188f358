/**
 * What queries may ask of conditions: of one edge by its factors, and in `exists`, `all` and `none`
 * of every hop or every edge of the path.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { factorsOf, factorValues } from "./factors.ts";
import type { Meaning } from "./query_check.ts";
import type { Facts, PathFacts } from "./query_match.ts";

/** A hop, by the release that it is of. */
const HOP = "hop";
/** Which hop or edge of its path it is, counted from 0. */
const PLACE = "at";

/** All names with their values; releases have an order. */
export function queryVocabulary(space: Pick<Space, "releases" | "axes">): Map<string, Meaning> {
  const { releases, axes } = space;
  const vocabulary = new Map<string, Meaning>();
  for (const [name, values] of factorValues(space)) {
    const ordered = values === releases ? { ordered: true as const } : {};
    vocabulary.set(name, { values, ...ordered, of: "edge" });
  }
  vocabulary.set(HOP, { values: releases, ordered: true, of: "hop" });
  for (const { name, per, values } of axes) {
    if (per === "hop") vocabulary.set(`${HOP}.${name}`, { values, of: "hop" });
  }
  vocabulary.set(PLACE, { numeric: true, of: "place" });
  return vocabulary;
}

/** The facts of the hops and of the edges of a condition. */
export function pathFactsOf(condition: Condition, axes: readonly Axis[]): PathFacts {
  const { path } = condition;
  return {
    hops: path.map(({ release, inputs }, at) => {
      const named = Object.entries(inputs).map(([axis, value]) => [`${HOP}.${axis}`, value]);
      return factsOf({ ...Object.fromEntries(named), [HOP]: release, [PLACE]: String(at) });
    }),
    edges: path.slice(1).map((_, edge) => {
      return factsOf({ ...factorsOf(condition, edge, axes), [PLACE]: String(edge) });
    }),
  };
}

function factsOf(known: Readonly<Record<string, string>>): Facts {
  return (name) => known[name];
}
