/**
 * Visits tuples of levels of different factors, and knows which values a row needs to hold one.
 *
 * @module
 */
import { type Dimension, type Factor, factorsOf } from "./dimension.ts";

/** Values that a dimension of a row must be one of. */
export type Wanted = ReadonlyMap<number, readonly number[]>;

/**
 * Visits every tuple of `strength` levels, those of the largest factors first. Its levels ascend;
 * it is only good until the next one.
 */
export function eachTuple(
  dimensions: readonly Dimension[],
  strength: number,
  visit: (tuple: readonly number[]) => void,
): void {
  const factors = bySize(factorsOf(dimensions));
  const chosen: Factor[] = [];
  const tuple: number[] = [];
  choose(0);

  function choose(from: number): void {
    if (chosen.length === strength) {
      descend(
        [...chosen].sort((a, b) => a.from - b.from),
        0,
      );
      return;
    }
    for (const [index, factor] of factors.entries()) {
      if (index < from) continue;
      chosen.push(factor);
      choose(index + 1);
      chosen.pop();
    }
  }

  function descend(ascending: readonly Factor[], at: number): void {
    const factor = ascending[at];
    if (factor === undefined) {
      visit(tuple);
      return;
    }
    for (let level = factor.from; level < factor.to; level++) {
      tuple[at] = level;
      descend(ascending, at + 1);
    }
  }
}

/** Largest first, then in order. */
function bySize(factors: readonly Factor[]): Factor[] {
  const sizeOf = ({ from, to }: Factor) => to - from;
  return factors.toSorted((a, b) => sizeOf(b) - sizeOf(a) || a.from - b.from);
}

/** Finds the values that hold levels. */
export class Holders {
  /** By level. */
  readonly #dimensions: readonly number[];
  readonly #values: readonly (readonly number[])[];

  constructor(dimensions: readonly Dimension[]) {
    const owners: number[] = [];
    const holders: number[][] = [];
    for (const [dimension, { values, levels }] of dimensions.entries()) {
      for (const value of values) {
        for (const level of levels[value] ?? []) {
          owners[level] = dimension;
          holders[level] ??= [];
          holders[level].push(value);
        }
      }
    }
    this.#dimensions = owners;
    this.#values = holders;
  }

  /** What a row with all levels of `tuple` must have; undefined when no value has two of them. */
  wanted(tuple: readonly number[]): Wanted | undefined {
    const wanted = new Map<number, readonly number[]>();
    for (const level of tuple) {
      const dimension = this.#dimensions[level] ?? 0;
      const holders = this.#values[level] ?? [];
      const both = wanted.get(dimension)?.filter((value) => holders.includes(value)) ?? holders;
      if (both.length === 0) return undefined;
      wanted.set(dimension, both);
    }
    return wanted;
  }
}
