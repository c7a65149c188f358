/**
 * What a distribution comes to: its middle, its tail and its end.
 *
 * @module
 */

export interface Quantiles {
  readonly count: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** By nearest rank, so that each of them is a value that was seen. `values` must not be empty. */
export function quantilesOf(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const count = sorted.length;
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * count) - 1)] as number;
  return { count, p50: at(0.5), p99: at(0.99), max: sorted[count - 1] as number };
}
