/**
 * Exact metrics of a condition, read from its transcript: octets of all that was saved, and the
 * blackouts of the virtual clock in their phases.
 *
 * @module
 */
import type { ConditionResult } from "../report.ts";
import type { Metric } from "./metric.ts";

export function transcriptMetrics({ name, transcript }: ConditionResult): readonly Metric[] {
  const sums = new Map<string, number>();
  const add = (what: string, value: number) => sums.set(what, (sums.get(what) ?? 0) + value);
  for (const { event, detail, figures } of transcript) {
    if (event === "saved") add("saved", Number.parseInt(detail, 10));
    if (event !== "blackout") continue;
    for (const [phase, value] of Object.entries(figures ?? {})) {
      add("blackout", value);
      add(`blackout/${phase}`, value);
    }
  }
  return Array.from(sums, ([what, value]) => ({
    metric: `${what} ${name}`,
    class: "exact",
    unit: what === "saved" ? "B" : "µs",
    value,
  }));
}
