/**
 * Decides for each metric whether side `b` is slower than side `a`. All of it must hold: the
 * permutation test finds it, corrected for all metrics; the interval of the ratio of medians leaves
 * out 1; and the effect is larger than a floor and than three times the noise between side `a` and
 * its control. If the control is told apart from side `a` by the same rule, nobody is judged.
 *
 * @module
 */
import type { Chances } from "./chances.ts";
import { CONFIDENCE, Contrast, MEDIAN_FACTOR } from "./contrast.ts";
import { holm } from "./holm.ts";
import type { BenchVerdict, Judged } from "./verdict.ts";

/** A value of each block for each side, in the order of blocks; all more than 0. */
export interface Blocks {
  readonly metric: string;
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly control: Float64Array;
}

export interface Rule {
  /** Chance of a false alarm among all metrics, at this look. */
  readonly alpha: number;
  /** Effects up to this are no change: 0.02 is 2 %. */
  readonly floor: number;
  /** An effect that is smaller for certain is none that matters: 0.05 is 5 %. */
  readonly band: number;
}

/** An effect must be so many times the noise. */
const NOISE_FACTOR = 3;
/** Standard deviations that leave one of five below them. */
const POWER_DEVIATIONS = 0.8416;

/** Judges `metrics`, all of the blocks that `chances` are for. */
export function judge(metrics: readonly Blocks[], rule: Rule, chances: Chances): readonly Judged[] {
  const controls = metrics.map(({ a, control }) => new Contrast(a, control, chances));
  const contrasts = metrics.map(({ a, b }) => new Contrast(a, b, chances));
  const floor = Math.log1p(rule.floor);
  // All of fewer blocks may lie on one side of a median: their interval says nothing of it.
  const isFew = chances.flips.pMin > 1 - CONFIDENCE;
  const band = Math.log1p(rule.band);
  const psOfControls = holm(controls.map(({ p }) => p));
  const isDisturbed = controls.some(
    (control, index) =>
      (psOfControls[index] as number) < rule.alpha && sideOf(control, floor) !== "neither",
  );
  const ps = holm(contrasts.map(({ p }) => p));
  return contrasts.map((found, index) => {
    const control = controls[index] as Contrast;
    const p = ps[index] as number;
    const threshold = Math.max(floor, NOISE_FACTOR * noiseOf(control));
    const alpha = rule.alpha / metrics.length;
    return {
      metric: (metrics[index] as Blocks).metric,
      verdict: isDisturbed
        ? "refused"
        : verdictOf(found, p < rule.alpha, threshold, isFew ? 0 : band),
      ratio: Math.exp(found.effect),
      interval: { low: Math.exp(found.interval.low), high: Math.exp(found.interval.high) },
      p,
      threshold: Math.exp(threshold),
      detectable: Math.exp(detectable(found, alpha, threshold, chances)),
    };
  });
}

/** The side on which an effect lies, if it is larger than chance and `threshold`. */
function sideOf({ effect, interval }: Contrast, threshold: number): "more" | "less" | "neither" {
  if (effect > threshold && interval.low > 0) return "more";
  return effect < -threshold && interval.high < 0 ? "less" : "neither";
}

function verdictOf(
  found: Contrast,
  isFound: boolean,
  threshold: number,
  band: number,
): BenchVerdict {
  const side = isFound ? sideOf(found, threshold) : "neither";
  if (side === "more") return "regression";
  if (side === "less") return "improvement";
  return found.interval.low > -band && found.interval.high < band ? "same" : "inconclusive";
}

/** What the control shows where nothing differs. */
function noiseOf(control: Contrast): number {
  return Math.max(Math.abs(control.effect) / NOISE_FACTOR, control.error);
}

/** The effect, as a logarithm, that passes all of the rule in four of five comparisons. */
function detectable(found: Contrast, alpha: number, threshold: number, chances: Chances): number {
  // So few blocks cannot show anything, however large.
  if (chances.flips.pMin >= alpha) return Number.POSITIVE_INFINITY;
  const bySum = (found.error / MEDIAN_FACTOR) * (deviationsOf(alpha / 2) + POWER_DEVIATIONS);
  return Math.max(bySum, threshold + found.error * POWER_DEVIATIONS);
}

/** Standard deviations beyond which the share `tail` of normal values lies. */
function deviationsOf(tail: number): number {
  // M. Abramowitz and I. Stegun, Handbook of Mathematical Functions, 26.2.23.
  const t = Math.sqrt(-2 * Math.log(tail));
  const over = 2.515517 + t * (0.802853 + t * 0.010328);
  return t - over / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
}
