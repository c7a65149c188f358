/**
 * What one side is beside another in one metric. Each block has its own contrast, as a logarithm,
 * so that twice and half are as far from alike; medians of sides are taken beside their blocks.
 *
 * @module
 */
import type { Chances } from "./chances.ts";
import { type Interval, medianOf } from "./resamples.ts";

/** Of the interval of a ratio; an equivalence needs no more. */
export const CONFIDENCE = 0.99;
/** Standard deviations of a median of normal values over that of their mean. */
export const MEDIAN_FACTOR = 1.2533;
/** Standard deviation over the median absolute deviation of normal values. */
const DEVIATION_FACTOR = 1.4826;

export class Contrast {
  readonly #logs: Float64Array;
  readonly #chances: Chances;
  /** Logarithm of the ratio of medians. */
  readonly effect: number;
  /** Of the permutation test, for this metric alone. */
  readonly p: number;
  /** What single blocks lie apart from each other, as a logarithm. */
  readonly deviation: number;
  #interval: Interval | undefined;

  /** Of `b` beside `a`, a value of each for every block. */
  constructor(a: Float64Array, b: Float64Array, chances: Chances) {
    this.#chances = chances;
    this.#logs = a.map((value, block) => Math.log((b[block] as number) / value));
    this.effect = medianOf(this.#logs);
    this.p = chances.flips.p(this.#logs);
    this.deviation =
      DEVIATION_FACTOR * medianOf(this.#logs.map((each) => Math.abs(each - this.effect)));
  }

  /** Where the effect lies. */
  get interval(): Interval {
    this.#interval ??= this.#chances.resamples.ofMedian(this.#logs, CONFIDENCE);
    return this.#interval;
  }

  /** What the median lies from 0 by chance, as a logarithm. */
  get error(): number {
    return (MEDIAN_FACTOR * this.deviation) / Math.sqrt(this.#logs.length);
  }
}
