/**
 * What rows are made of. A row has one value for each dimension; a value sets one level for each
 * factor of its dimension, and it is tuples of levels that rows cover. Most dimensions have one
 * factor; a dimension whose values have parts has one for each part.
 *
 * Levels are numbered through: all of one factor, then all of the next, in the order of the
 * dimensions. A dimension that cannot vary has no factor.
 *
 * @module
 */

export interface Dimension {
  /** Numbers of the values that a row may have, the preferred ones first. */
  readonly values: readonly number[];
  /** By the number of a value: the levels that it sets, in the order of the factors. */
  readonly levels: readonly (readonly number[])[];
}

/** The levels of one factor: from one number on, before another. */
export interface Factor {
  readonly dimension: number;
  readonly from: number;
  readonly to: number;
}

/** One value of every dimension, by number. */
export type Row = readonly number[];

/** The levels of `row`, ascending. */
export function levelsOf(dimensions: readonly Dimension[], row: Row): number[] {
  const levels: number[] = [];
  for (let at = 0; at < dimensions.length; at++) {
    for (const level of dimensions[at]?.levels[row[at] ?? 0] ?? []) levels.push(level);
  }
  return levels;
}

/** The factors of `dimensions`, in the order of their levels. */
export function factorsOf(dimensions: readonly Dimension[]): Factor[] {
  const factors: Factor[] = [];
  let from = 0;
  for (const [dimension, { values, levels }] of dimensions.entries()) {
    const count = levels[values[0] ?? 0]?.length ?? 0;
    for (let part = 0; part < count; part++) {
      const to = 1 + Math.max(...values.map((value) => levels[value]?.[part] ?? 0));
      factors.push({ dimension, from, to });
      from = to;
    }
  }
  return factors;
}
