/**
 * Which costs may not grow, as a user's configuration says it, and which growth is accepted: an
 * entry with a reason, a link and an end, like an expectation.
 *
 * @module
 */
import { isDay } from "./expiry.ts";

/** A metric that blocks a change when it grows. `*` in names stands for any text. */
export interface MetricGate {
  readonly metric: string;
  /** Percent that it may grow by; none when absent. */
  readonly allow?: number;
}

export interface AcceptedRegression {
  readonly metric: string;
  readonly reason: string;
  readonly link: string;
  /** The last day of the entry, 2026-12-31. */
  readonly expires: string;
}

export interface BenchPolicy {
  /** The first one that names a metric counts; every metric blocks when this is absent. */
  readonly gates?: readonly MetricGate[];
  readonly accepted?: readonly AcceptedRegression[];
}

/** Reads what a configuration has in `bench`. Throws a `RangeError` of one line. */
export function policyOf(value: unknown): BenchPolicy {
  const { gates, accepted = [] } = demandObject(value, "bench") as Partial<BenchPolicy>;
  for (const gate of demandList(gates ?? [], "bench.gates")) {
    const { metric, allow = 0 } = demandObject(gate, "a gate") as Partial<MetricGate>;
    demandText(metric, "the metric of a gate");
    if (!(Number.isFinite(allow) && allow >= 0)) throw wrong("allow", "percent from 0 on", allow);
  }
  for (const entry of demandList(accepted, "bench.accepted")) {
    const known = demandObject(entry, "an accepted regression") as Partial<AcceptedRegression>;
    for (const name of ["metric", "reason", "link"] as const) demandText(known[name], name);
    if (!isDay(String(known.expires))) throw wrong("expires", "a day, 2026-12-31", known.expires);
  }
  return { ...(gates === undefined ? {} : { gates }), accepted };
}

function demandObject(value: unknown, what: string): object {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
  throw wrong(what, "an object", value);
}

function demandList(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw wrong(what, "a list", value);
}

function demandText(value: unknown, what: string): void {
  if (typeof value !== "string" || value.trim() === "") throw wrong(what, "a text", value);
}

function wrong(what: string, must: string, now: unknown): RangeError {
  const text = JSON.stringify(now) ?? "absent";
  return new RangeError(`Cannot gate as ${what} must be ${must}: current value is ${text}`);
}
