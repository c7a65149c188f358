/**
 * A performance grid as a page: hops by factors, with every value that was measured.
 *
 * @module
 */
import type { CostPageData } from "../reporters/cost_format.ts";
import { costPage } from "../reporters/cost_page.ts";
import { visible } from "../visible.ts";
import type { GridRow } from "./grid.ts";
import { type GridResult, varyingMetrics } from "./grid_result.ts";
import { MEANINGS, TIMED, unitOf } from "./hop_metrics.ts";
import type { StoredTrend } from "./trend.ts";

/** Digits of a time behind the point that a page needs: microseconds of milliseconds. */
const DIGITS = 1000;

/** Renders `result`, with the rows that it sums up, beside results of other days. */
export function gridPage(
  result: GridResult,
  rows: readonly GridRow[],
  trend: readonly StoredTrend[],
): Iterable<string> {
  return costPage(dataOf(result, rows, trend));
}

function dataOf(
  result: GridResult,
  rows: readonly GridRow[],
  trend: readonly StoredTrend[],
): CostPageData {
  const { implementation, failures, complete } = result;
  const varying = varyingMetrics(rows);
  const metrics = new Set(rows.flatMap(({ values }) => [...values.keys()]));
  return {
    implementation: visible(implementation),
    facts: factsOf(result),
    complete,
    factors: factorsOf(result, rows),
    names: rows.map(({ name, edge }) => visible(edge === 0 ? name : `${name}, hop ${edge + 1}`)),
    metrics: [...metrics].map((name) => ({
      name: visible(name),
      class: TIMED.has(name) || varying.has(name) ? "timed" : "exact",
      unit: unitOf(name),
      meaning: MEANINGS[name] ?? (name.startsWith("blackout/") ? "a phase of the blackout" : ""),
      values: rows.map(({ values }) => (values.get(name) ?? []).map(rounded)),
    })),
    failures: failures.map(({ writer, reader, verdict, reason, name, count }) => {
      const [one, other, why, where] = [writer, reader, reason, name].map(visible);
      const texts = { writer: one ?? "", reader: other ?? "", reason: why ?? "" };
      return { ...texts, verdict, name: where ?? "", count };
    }),
    trend: trend.map(({ name, foreign, places }) => ({
      name: visible(name),
      foreign,
      places: places.map(({ writer, reader, keepalive, metrics: known }) => ({
        writer: visible(writer),
        reader: visible(reader),
        keepalive: visible(keepalive),
        values: Array.from(metrics, (metric) => known[metric]?.map(rounded) ?? null),
      })),
    })),
  };
}

function factsOf({ conditions, passes, version, machine, seed, selection }: GridResult): string[] {
  const { processors, processor, memoryGiB, platform, runtime } = machine;
  return [
    `${conditions} conditions, ${passes} whole passes`,
    `freezethaw ${version}, seed ${seed}`,
    `${processors} × ${processor}, ${memoryGiB} GiB, ${platform}, ${runtime}`,
    ...selection.map(visible),
  ];
}

/** Factors that tell hops apart; those of both sides by their configuration as a whole, too. */
function factorsOf({ releases }: GridResult, rows: readonly GridRow[]): CostPageData["factors"] {
  const first = ["writer", "reader", "keepalive", "writer.configuration", "reader.configuration"];
  const names = new Set([...first, ...rows.flatMap(({ factors }) => Object.keys(factors))]);
  return [...names].flatMap((name) => {
    const all = rows.map(({ factors }) => factors[name] ?? "");
    const used = new Set(all);
    const isSide = name === "writer" || name === "reader";
    if (!isSide && used.size < 2) return [];
    // In the order of releases where they are some.
    const ordered = isSide ? new Set(releases.filter((each) => used.has(each))).union(used) : used;
    const numbers = new Map([...ordered].map((value, index) => [value, index]));
    const values = [...ordered].map((value) => (value === "" ? "-" : visible(value)));
    return [{ name: visible(name), values, of: all.map((value) => numbers.get(value) ?? 0) }];
  });
}

function rounded(value: number): number {
  return Math.round(value * DIGITS) / DIGITS;
}
