/**
 * Covering arrays: few rows such that every tuple of levels that some allowed row holds is held
 * by one of them. Greedy, one row at a time (in the manner of AETG): a row begins with the first
 * tuple that is missing, and takes for each further dimension the value that brings most missing
 * tuples with it. Deterministic: the same dimensions, rules and earlier rows give the same rows.
 *
 * @module
 */
import { complete } from "./completion.ts";
import { type Dimension, factorsOf, levelsOf, type Row } from "./dimension.ts";
import { Gains } from "./gains.ts";
import { PartialRow } from "./partial_row.ts";
import type { Rule } from "./rule.ts";
import { eachTuple, Holders, type Wanted } from "./seeding.ts";
import { TupleSet } from "./tuple_set.ts";

/**
 * The rows that cover what `earlier` rows leave: every tuple of `strength` levels, and every value
 * of every dimension.
 */
export function coveringRows(
  dimensions: readonly Dimension[],
  rules: readonly Rule[],
  strength: number,
  earlier: readonly Row[] = [],
): Row[] {
  const covering = new Covering(dimensions, rules, strength);
  for (const row of earlier) covering.take(row);
  covering.run();
  return covering.rows;
}

class Covering {
  readonly rows: Row[] = [];
  readonly #dimensions: readonly Dimension[];
  readonly #strength: number;
  readonly #held: TupleSet;
  readonly #partial: PartialRow;
  readonly #gains: Gains;
  readonly #holders: Holders;
  /** Largest dimensions first: the small ones fit in anywhere. */
  readonly #order: readonly number[];

  constructor(dimensions: readonly Dimension[], rules: readonly Rule[], strength: number) {
    const factors = factorsOf(dimensions);
    this.#dimensions = dimensions;
    this.#strength = Math.min(strength, factors.length);
    this.#held = new TupleSet(factors.at(-1)?.to ?? 0, this.#strength);
    this.#partial = new PartialRow(dimensions.length, rules);
    this.#gains = new Gains(dimensions, this.#held, this.#partial);
    this.#holders = new Holders(dimensions);
    this.#order = [...dimensions.keys()].sort(
      (a, b) => sizeOf(dimensions[b]) - sizeOf(dimensions[a]) || a - b,
    );
  }

  /** Counts what a row covers. */
  take(row: Row): void {
    this.#held.add(levelsOf(this.#dimensions, row));
    this.#gains.use(row);
  }

  run(): void {
    if (this.#strength > 0)
      eachTuple(this.#dimensions, this.#strength, (tuple) => this.#cover(tuple));
    for (const [dimension, { values }] of this.#dimensions.entries()) {
      for (const value of values) {
        if (!this.#gains.used(dimension, value)) this.#add(new Map([[dimension, [value]]]));
      }
    }
  }

  #cover(tuple: readonly number[]): void {
    if (this.#held.has(tuple)) return;
    const wanted = this.#holders.wanted(tuple);
    if (wanted !== undefined) this.#add(wanted);
  }

  /** Adds the best row that has `wanted`, if there is one. */
  #add(wanted: Wanted): void {
    const rest = this.#order.filter((dimension) => !wanted.has(dimension));
    const order = [...wanted.keys(), ...rest];
    const gains = this.#gains;
    const found = complete(this.#partial, order, (dimension) =>
      gains.best(dimension, wanted.get(dimension)),
    );
    if (!found) return;
    const row = [...this.#partial.values];
    for (const dimension of order) this.#partial.clear(dimension);
    this.rows.push(row);
    this.take(row);
  }
}

function sizeOf(dimension: Dimension | undefined): number {
  return dimension?.values.length ?? 0;
}
