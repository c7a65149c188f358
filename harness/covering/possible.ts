/**
 * Which tuples of levels can be held by a row at all. Exact: a tuple counts when a row that holds
 * it and breaks no rule has been found, and is left out when the search has ended without one.
 *
 * @module
 */
import { type Dimension, levelsOf } from "./dimension.ts";
import { PartialRow } from "./partial_row.ts";
import type { Rule } from "./rule.ts";
import { eachTuple, Holders, type Wanted } from "./seeding.ts";
import type { TupleSet } from "./tuple_set.ts";

/**
 * Adds to `held` all tuples that an allowed row holds. `smaller` has all such tuples of one level
 * less: what has an impossible part need not be searched for, and neither what falls into parts
 * that no rule looks at together.
 */
export function addPossible(
  dimensions: readonly Dimension[],
  rules: readonly Rule[],
  held: TupleSet,
  smaller?: TupleSet,
): void {
  const witnesses = new Witnesses(dimensions, rules);
  const holders = new Holders(dimensions);
  const groups = groupsOf(dimensions, rules);
  const parts = smaller?.strength === held.strength - 1 ? smaller : undefined;
  eachTuple(dimensions, held.strength, (tuple) => {
    if (held.has(tuple)) return;
    if (parts !== undefined) {
      if (!hasParts(parts, tuple)) return;
      if (isApart(groups, tuple)) {
        held.put(tuple);
        return;
      }
    }
    const wanted = holders.wanted(tuple);
    const row = wanted === undefined ? undefined : witnesses.find(wanted);
    if (row === undefined) return;
    const levels = levelsOf(dimensions, row);
    // With levels of other groups there are only tuples that need no row.
    const group = groups[tuple[0] as number];
    held.add(parts === undefined ? levels : levels.filter((level) => groups[level] === group));
  });
}

/** By level: a number that its dimension shares with those that rules tie to it. */
function groupsOf(dimensions: readonly Dimension[], rules: readonly Rule[]): readonly number[] {
  const groups = dimensions.map((_, dimension) => dimension);
  for (const rule of rules) {
    const tied = new Set(rule.dimensions.map((dimension) => groups[dimension]));
    const [first = 0] = rule.dimensions;
    const group = groups[first] as number;
    for (const [dimension, other] of groups.entries()) {
      if (tied.has(other)) groups[dimension] = group;
    }
  }
  const byLevel: number[] = [];
  for (const [dimension, { values, levels }] of dimensions.entries()) {
    for (const value of values) {
      for (const level of levels[value] ?? []) byLevel[level] = groups[dimension] as number;
    }
  }
  return byLevel;
}

/** Whether the levels of `tuple` are of more than one group, each part of which is possible. */
function isApart(groups: readonly number[], tuple: readonly number[]): boolean {
  const group = groups[tuple[0] as number];
  for (let at = 1; at < tuple.length; at++) {
    if (groups[tuple[at] as number] !== group) return true;
  }
  return false;
}

/** Whether `smaller` has every tuple that is left when one level of `tuple` is taken out. */
function hasParts(smaller: TupleSet, tuple: readonly number[]): boolean {
  for (let out = 0; out < tuple.length; out++) {
    if (!smaller.hasWithout(tuple, out)) return false;
  }
  return true;
}

/** Finds rows, another one each time, so that few rows show most of what is possible. */
class Witnesses {
  readonly #dimensions: readonly Dimension[];
  readonly #row: PartialRow;
  #turn = 0;

  constructor(dimensions: readonly Dimension[], rules: readonly Rule[]) {
    this.#dimensions = dimensions;
    this.#row = new PartialRow(dimensions.length, rules);
  }

  /** An allowed row with `wanted`, if there is one; good until the next. */
  find(wanted: Wanted): readonly number[] | undefined {
    this.#turn++;
    const order = [...wanted.keys()];
    for (let dimension = 0; dimension < this.#dimensions.length; dimension++) {
      this.#row.clear(dimension);
      if (!wanted.has(dimension)) order.push(dimension);
    }
    return this.#complete(order, wanted, 0) ? this.#row.values : undefined;
  }

  /** As `complete` does, for which a run has too many tuples. */
  #complete(order: readonly number[], wanted: Wanted, at: number): boolean {
    const dimension = order[at];
    if (dimension === undefined) return true;
    const row = this.#row;
    const values = wanted.get(dimension) ?? this.#dimensions[dimension]?.values ?? [];
    // Dimensions turn at different speeds, so that their values meet in all combinations.
    const first = Math.imul(this.#turn, 2 * dimension + 1) >>> 0;
    for (let step = 0; step < values.length; step++) {
      const value = values[(first + step) % values.length] as number;
      if (!row.fits(dimension, value)) continue;
      row.set(dimension, value);
      if (this.#complete(order, wanted, at + 1)) return true;
      row.clear(dimension);
    }
    return false;
  }
}
