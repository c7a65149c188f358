/**
 * What one process measures, as it prints it: one JSON object on a line for each metric.
 *
 * @module
 */

export interface Metric {
  /** Names it in reports, such as `mesh/decode` or `saved bytes 2505>main`. */
  readonly metric: string;
  /** Exact ones are the same on each run; timed ones are judged by statistics. */
  readonly class: "exact" | "timed";
  readonly unit: string;
  /** Finite; of a timed metric more than 0. Less is better. */
  readonly value: number;
}

/** Metrics that one process may print. */
export const METRICS_MAX = 10_000;
/** Characters of a name or a unit. */
const NAME_MAX = 500;

/** Reads what a process has printed. Throws a `SyntaxError` with the line that is none. */
export function readMetrics(text: string): readonly Metric[] {
  const metrics = new Map<string, Metric>();
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    if (metrics.size === METRICS_MAX)
      throw wrong(index, `of metrics, at most ${METRICS_MAX}`, "more");
    const metric = readMetric(line, index);
    if (metrics.has(metric.metric)) throw wrong(index, "a metric once", metric.metric);
    metrics.set(metric.metric, metric);
  }
  if (metrics.size === 0) throw new SyntaxError("Cannot read metrics as there is none");
  return [...metrics.values()];
}

function readMetric(line: string, index: number): Metric {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw wrong(index, "one JSON object", shown(line));
  }
  const { metric, class: kind, unit, value: number } = (value ?? {}) as Partial<Metric>;
  if (!isName(metric)) throw wrong(index, "a name in `metric`", shown(metric));
  if (kind !== "exact" && kind !== "timed") {
    throw wrong(index, "`class` exact or timed", shown(kind));
  }
  if (!isName(unit)) throw wrong(index, "a name in `unit`", shown(unit));
  if (typeof number !== "number" || !Number.isFinite(number) || (kind === "timed" && number <= 0)) {
    const what = kind === "timed" ? "a `value` of more than 0" : "a number in `value`";
    throw wrong(index, what, shown(number));
  }
  return { metric, class: kind, unit, value: number };
}

function isName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && value.length <= NAME_MAX;
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? "absent").slice(0, 60);
}

function wrong(index: number, must: string, now: string): SyntaxError {
  return new SyntaxError(
    `Cannot read metrics as line ${index + 1} must have ${must}: current value is ${now}`,
  );
}
