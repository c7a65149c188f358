/**
 * Exact metrics: the same on each run of a side, so that one run of each decides.
 *
 * @module
 */
import type { Metric } from "./metric.ts";

export interface ExactJudged {
  readonly metric: string;
  readonly unit: string;
  readonly verdict: "regression" | "improvement" | "same";
  readonly a: number;
  readonly b: number;
}

/** Compares what both `a` and `b` measured. `budget`: 0.01 allows 1 % more. */
export function judgeExact(
  a: readonly Metric[],
  b: readonly Metric[],
  budget: number,
): readonly ExactJudged[] {
  const others = new Map(b.map((each) => [each.metric, each.value]));
  return a
    .filter((each) => each.class === "exact" && others.has(each.metric))
    .map(({ metric, unit, value }) => {
      const other = others.get(metric) as number;
      return { metric, unit, a: value, b: other, verdict: verdictOf(value, other, budget) };
    });
}

function verdictOf(a: number, b: number, budget: number): ExactJudged["verdict"] {
  if (b > a + Math.abs(a) * budget) return "regression";
  return b < a ? "improvement" : "same";
}
