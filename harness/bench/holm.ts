/**
 * Correction for many comparisons at once, so that the chance of even one false alarm among all of
 * them stays as stated.
 *
 * Source: S. Holm, "A simple sequentially rejective multiple test procedure" (1979).
 *
 * @module
 */

/** Each p as if it stood alone: to be held against the level of the whole family. */
export function holm(ps: readonly number[]): readonly number[] {
  const order = ps.map((_, index) => index);
  order.sort((one, other) => (ps[one] as number) - (ps[other] as number));
  const adjusted = new Array<number>(ps.length).fill(1);
  let least = 0;
  for (const [rank, index] of order.entries()) {
    least = Math.max(least, Math.min(1, (ps[index] as number) * (ps.length - rank)));
    adjusted[index] = least;
  }
  return adjusted;
}
