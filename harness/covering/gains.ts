/**
 * What each value would bring to a row: missing tuples first, then variety.
 *
 * @module
 */
import type { Dimension, Row } from "./dimension.ts";
import type { PartialRow } from "./partial_row.ts";
import type { TupleSet } from "./tuple_set.ts";

export class Gains {
  readonly #dimensions: readonly Dimension[];
  readonly #held: TupleSet;
  readonly #row: PartialRow;
  /** Rows that have a value, by dimension and value. */
  readonly #uses: readonly number[][];
  /** By dimension: what its values would bring; -1 when a value does not fit or was tried. */
  readonly #gains: readonly number[][];

  constructor(dimensions: readonly Dimension[], held: TupleSet, row: PartialRow) {
    this.#dimensions = dimensions;
    this.#held = held;
    this.#row = row;
    this.#uses = dimensions.map(({ values }) => new Array(1 + Math.max(...values)).fill(0));
    this.#gains = dimensions.map(() => []);
  }

  /** Counts the values of a row. */
  use(row: Row): void {
    for (const [dimension, value] of row.entries()) {
      const uses = this.#uses[dimension];
      if (uses !== undefined) uses[value] = (uses[value] ?? 0) + 1;
    }
  }

  used(dimension: number, value: number): boolean {
    return (this.#uses[dimension]?.[value] ?? 0) > 0;
  }

  /** The values of a dimension that fit the row, those among `wanted` if given, best first. */
  *best(dimension: number, wanted?: readonly number[]): Generator<number> {
    const { values } = this.#dimensions[dimension] as Dimension;
    const candidates = wanted ?? values;
    const gains = this.#gains[dimension] as number[];
    this.#weigh(dimension, candidates, gains);
    for (;;) {
      const best = this.#pick(dimension, candidates, gains);
      const value = candidates[best];
      if (value === undefined) return;
      gains[best] = -1;
      yield value;
    }
  }

  /** Index of the best candidate that is left, or -1: most gain, least used, first. */
  #pick(dimension: number, candidates: readonly number[], gains: readonly number[]): number {
    const uses = this.#uses[dimension] as number[];
    let best = -1;
    let [most, least] = [-1, 0];
    for (let index = 0; index < candidates.length; index++) {
      const gain = gains[index] as number;
      if (gain < most || gain < 0) continue;
      const used = uses[candidates[index] as number] as number;
      if (gain === most && used >= least) continue;
      [best, most, least] = [index, gain, used];
    }
    return best;
  }

  /** Works out what each candidate brings. */
  #weigh(dimension: number, candidates: readonly number[], gains: number[]): void {
    const { levels, at, above } = this.#around(dimension);
    const { levels: levelsOf } = this.#dimensions[dimension] as Dimension;
    for (let index = 0; index < candidates.length; index++) {
      const value = candidates[index] as number;
      gains[index] = -1;
      if (!this.#row.fits(dimension, value)) continue;
      const own = levelsOf[value] as readonly number[];
      let gain = 0;
      for (let part = 0; part < own.length; part++) {
        levels[at + part] = own[part] as number;
        gain += this.#held.lacking(levels, at + part, above);
      }
      gains[index] = gain;
    }
  }

  /** The levels of the row with a gap for those of `dimension`. */
  #around(dimension: number): { levels: number[]; at: number; above: number } {
    const levels: number[] = [];
    let [at, above] = [0, 0];
    for (let other = 0; other < this.#dimensions.length; other++) {
      const { values, levels: levelsOf } = this.#dimensions[other] as Dimension;
      const set = this.#row.values[other] as number;
      if (other === dimension) {
        at = levels.length;
        above = at + (levelsOf[values[0] ?? 0]?.length ?? 0);
        levels.length = above;
      } else if (set >= 0) {
        for (const level of levelsOf[set] ?? []) levels.push(level);
      }
    }
    return { levels, at, above };
  }
}
