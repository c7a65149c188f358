/**
 * Fills in what a row lacks, so that no rule is broken; finds a way whenever there is one.
 *
 * @module
 */
import type { PartialRow } from "./partial_row.ts";

/** Values to try for a dimension of the row, the preferred ones first; all that fit. */
export type Candidates = (dimension: number) => Iterable<number>;

/**
 * Gives the dimensions in `order`, from index `at` on, values. False, and the row as it was, when
 * there are none.
 */
export function complete(
  row: PartialRow,
  order: readonly number[],
  candidates: Candidates,
  at = 0,
): boolean {
  const dimension = order[at];
  if (dimension === undefined) return true;
  for (const value of candidates(dimension)) {
    row.set(dimension, value);
    if (complete(row, order, candidates, at + 1)) return true;
    row.clear(dimension);
  }
  return false;
}
