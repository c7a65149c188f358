/**
 * A performance grid as metrics of one process, for `bench compare`. Conditions are called by their
 * settings where that tells them apart, so that one release can be compared with another.
 *
 * @module
 */
import type { GridRow } from "./grid.ts";
import { TIMED, unitOf } from "./hop_metrics.ts";
import type { Metric } from "./metric.ts";

/** What the harness takes itself: no matter of the program that is measured. */
const OWN: ReadonlySet<string> = new Set(["this process", "around"]);

/** Exact metrics of each hop, and of times the sum over hops of the best pass of each. */
export function gridMetrics(rows: readonly GridRow[]): readonly Metric[] {
  const names = rows.map(settingsName);
  const areApart = new Set(names).size === names.length;
  const best = new Map<string, number>();
  const exact: Metric[] = [];
  for (const [index, { name, edge, values }] of rows.entries()) {
    const of = areApart ? names[index] : hopName(name, edge);
    for (const [metric, all] of values) {
      const unit = unitOf(metric) || "in all";
      if (!TIMED.has(metric)) {
        const [value] = all as [number];
        // One that changes from pass to pass is not exact, and no time either.
        if (all.length === 1)
          exact.push({ metric: `${metric} ${of}`, class: "exact", unit, value });
      } else if (!OWN.has(metric)) {
        best.set(metric, (best.get(metric) ?? 0) + Math.min(...all));
      }
    }
  }
  const timed = Array.from(best, ([metric, value]): Metric => {
    return { metric, class: "timed", unit: "ms", value };
  });
  return [...exact, ...timed.filter(({ value }) => value > 0)];
}

function settingsName({ name, edge }: GridRow): string {
  const [, ...settings] = name.split(" ");
  return hopName(settings.join(" ") || "usual", edge);
}

function hopName(name: string, edge: number): string {
  return edge === 0 ? name : `${name}, hop ${edge + 1}`;
}
