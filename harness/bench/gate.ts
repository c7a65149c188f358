/**
 * What a comparison means for a change: which metrics block it, by a policy. Whatever is undecided
 * leaves the gate open, and is never taken for "no change".
 *
 * @module
 */
import type { AcceptedRegression, BenchPolicy, MetricGate } from "../bench_policy.ts";
import { namePattern } from "../name_pattern.ts";
import type { ComparisonState } from "./comparison.ts";
import type { ExactJudged } from "./exact.ts";
import type { Judged } from "./verdict.ts";

export type Standing =
  | "blocks"
  /** It grew, and an entry says why that may be. */
  | "accepted"
  /** It grew, by what is allowed or where nothing depends on it. */
  | "told"
  /** Nobody knows. */
  | "undecided"
  | "fine";

export interface GateRow {
  readonly metric: string;
  readonly judged: ExactJudged | Judged;
  readonly standing: Standing;
  /** The entry that accepts it, or did until its last day. */
  readonly entry?: AcceptedRegression;
}

export interface GateResult {
  readonly rows: readonly GateRow[];
  /** Entries that accept what has not grown: they are to be deleted. */
  readonly stale: readonly AcceptedRegression[];
  readonly outcome: "passed" | "blocked" | "undecided";
}

/** `today`: 2026-12-31; entries whose last day is before it accept nothing. */
export function gated(state: ComparisonState, policy: BenchPolicy, today: string): GateResult {
  const all = [...state.exact, ...state.timed];
  const rows = all.map((judged) => rowOf(judged, policy, today));
  const stale = (policy.accepted ?? []).filter((entry) => isStale(entry, all));
  const has = (standing: Standing) => rows.some((row) => row.standing === standing);
  const isBlocked = has("blocks") || stale.length > 0;
  const outcome = isBlocked ? "blocked" : has("undecided") ? "undecided" : "passed";
  return { rows, stale, outcome };
}

/** How many times the value of side `a` that of side `b` is; NaN of nothing and nothing. */
export function ratioOf(judged: ExactJudged | Judged): number {
  return "ratio" in judged ? judged.ratio : judged.b / judged.a;
}

function rowOf(judged: ExactJudged | Judged, policy: BenchPolicy, today: string): GateRow {
  const { metric, verdict } = judged;
  const gate = gateOf(metric, policy);
  const entry = (policy.accepted ?? []).find((each) => namePattern(each.metric)(metric));
  if (verdict === "regression") {
    const isAllowed = gate === undefined || ratioOf(judged) <= 1 + (gate.allow ?? 0) / 100;
    if (isAllowed) return { metric, judged, standing: "told" };
    if (entry === undefined) return { metric, judged, standing: "blocks" };
    return { metric, judged, standing: entry.expires < today ? "blocks" : "accepted", entry };
  }
  const isOpen = verdict === "inconclusive" || verdict === "refused";
  return { metric, judged, standing: isOpen && gate !== undefined ? "undecided" : "fine" };
}

function gateOf(metric: string, { gates }: BenchPolicy): MetricGate | undefined {
  if (gates === undefined) return { metric };
  return gates.find((each) => namePattern(each.metric)(metric));
}

/** What is undecided may still have grown. */
function isStale(entry: AcceptedRegression, all: readonly (ExactJudged | Judged)[]): boolean {
  const isNamed = namePattern(entry.metric);
  return all
    .filter(({ metric }) => isNamed(metric))
    .every(({ verdict }) => verdict === "same" || verdict === "improvement");
}
