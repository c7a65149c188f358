/**
 * Which tuples of levels can be held by a row at all. Exact: a tuple counts when a row that holds
 * it and breaks no rule has been found, and is left out when the search has ended without one.
 *
 * @module
 */
import { complete } from "./completion.ts";
import { type Dimension, levelsOf } from "./dimension.ts";
import { PartialRow } from "./partial_row.ts";
import type { Rule } from "./rule.ts";
import { eachTuple, Holders, type Wanted } from "./seeding.ts";
import type { TupleSet } from "./tuple_set.ts";

/** Adds to `held` all tuples that an allowed row holds. */
export function addPossible(
  dimensions: readonly Dimension[],
  rules: readonly Rule[],
  held: TupleSet,
): void {
  const witnesses = new Witnesses(dimensions, rules);
  const holders = new Holders(dimensions);
  eachTuple(dimensions, held.strength, (tuple) => {
    if (held.has(tuple)) return;
    const wanted = holders.wanted(tuple);
    const row = wanted === undefined ? undefined : witnesses.find(wanted);
    if (row !== undefined) held.add(levelsOf(dimensions, row));
  });
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
    const row = this.#row;
    for (const dimension of row.values.keys()) row.clear(dimension);
    const rest = [...row.values.keys()].filter((dimension) => !wanted.has(dimension));
    const candidates = (dimension: number) => this.#candidates(dimension, wanted.get(dimension));
    return complete(row, [...wanted.keys(), ...rest], candidates) ? row.values : undefined;
  }

  *#candidates(dimension: number, wanted: readonly number[] | undefined): Generator<number> {
    const values = wanted ?? this.#dimensions[dimension]?.values ?? [];
    // Dimensions turn at different speeds, so that their values meet in all combinations.
    const first = Math.imul(this.#turn, 2 * dimension + 1) >>> 0;
    for (let step = 0; step < values.length; step++) {
      const value = values[(first + step) % values.length] as number;
      if (this.#row.fits(dimension, value)) yield value;
    }
  }
}
