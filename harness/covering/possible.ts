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
 * less: what has an impossible part need not be searched for.
 */
export function addPossible(
  dimensions: readonly Dimension[],
  rules: readonly Rule[],
  held: TupleSet,
  smaller?: TupleSet,
): void {
  const witnesses = new Witnesses(dimensions, rules);
  const holders = new Holders(dimensions);
  eachTuple(dimensions, held.strength, (tuple) => {
    if (held.has(tuple) || (smaller !== undefined && !hasParts(smaller, tuple))) return;
    const wanted = holders.wanted(tuple);
    const row = wanted === undefined ? undefined : witnesses.find(wanted);
    if (row !== undefined) held.add(levelsOf(dimensions, row));
  });
}

/** Whether `smaller` has every tuple that is left when one level of `tuple` is taken out. */
function hasParts(smaller: TupleSet, tuple: readonly number[]): boolean {
  if (smaller.strength + 1 !== tuple.length) return true;
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
