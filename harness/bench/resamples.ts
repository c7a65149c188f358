/**
 * Bootstrap interval of a median over blocks. A value is a block's own contrast of two sides, as
 * what they share (a slow minute of the machine) must not count as a difference.
 *
 * Source: B. Efron, "Bootstrap methods: another look at the jackknife" (1979); percentiles.
 *
 * @module
 */
import { drawsOf } from "../seed.ts";

/** Resamples; the ends of an interval of 99 % are then the sixth from either side. */
const RESAMPLES = 1_199;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** How often each resample has each block, the same for each metric of a comparison. */
export class Resamples {
  readonly #blocks: number;
  readonly #counts: Uint8Array;

  constructor(blocks: number, seed: number) {
    this.#blocks = blocks;
    this.#counts = new Uint8Array(RESAMPLES * blocks);
    const draw = drawsOf(seed, "resamples");
    for (let start = 0; start < this.#counts.length; start += blocks) {
      for (let drawn = 0; drawn < blocks; drawn++) {
        const at = start + draw(blocks);
        this.#counts[at] = (this.#counts[at] as number) + 1;
      }
    }
  }

  /** Where the median of `values`, one for each block, lies with `confidence`. */
  ofMedian(values: Float64Array, confidence: number): Interval {
    const order = Uint16Array.from(values, (_, block) => block);
    order.sort((one, other) => (values[one] as number) - (values[other] as number));
    const medians = new Float64Array(RESAMPLES);
    for (let resample = 0; resample < RESAMPLES; resample++) {
      medians[resample] = this.#median(values, order, resample * this.#blocks);
    }
    medians.sort();
    const outside = Math.floor(((1 - confidence) / 2) * RESAMPLES);
    return {
      low: medians[outside] as number,
      high: medians[RESAMPLES - 1 - outside] as number,
    };
  }

  /** The median of the resample whose counts begin at `start`; `order` is blocks by value. */
  #median(values: Float64Array, order: Uint16Array, start: number): number {
    const blocks = this.#blocks;
    const counts = this.#counts;
    const lower = (blocks + 1) >> 1;
    let rank = -1;
    let seen = 0;
    while (seen < lower) seen += counts[start + (order[++rank] as number)] as number;
    const value = values[order[rank] as number] as number;
    if (blocks % 2 === 1 || seen > lower) return value;
    // The half below ends here: the next one that was drawn at all has the upper middle.
    do rank++;
    while (counts[start + (order[rank] as number)] === 0);
    return (value + (values[order[rank] as number] as number)) / 2;
  }
}

/** The middle of `values`, or half way between the two in the middle. */
export function medianOf(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >> 1;
  const upper = sorted[middle] as number;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2;
}
