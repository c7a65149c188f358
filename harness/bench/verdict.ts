/**
 * What a comparison of one metric came to, and what it was decided by.
 *
 * @module
 */
import type { Interval } from "./resamples.ts";

export type BenchVerdict =
  | "regression"
  | "improvement"
  | "same"
  /** Neither: more blocks or a quieter machine are needed. Never to be read as "no change". */
  | "inconclusive"
  /** The control, alike on both sides, was told apart: nothing can be said. */
  | "refused";

/** All of it as ratios of `b` to `a`: 1.05 is 5 % more. */
export interface Judged {
  readonly metric: string;
  readonly verdict: BenchVerdict;
  readonly ratio: number;
  readonly interval: Interval;
  /** Of the permutation test, corrected for all metrics. */
  readonly p: number;
  /** What the ratio must exceed, up or down: the floor, or three times the noise. */
  readonly threshold: number;
  /** The ratio that so many blocks would have shown in four of five comparisons. */
  readonly detectable: number;
}
