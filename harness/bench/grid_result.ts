/**
 * The result of a performance grid, as it is printed, stored and read again: what hops cost by
 * writer, reader, configuration and keepalive. What of it later versions must keep is
 * {@linkcode Cost}, so that trends can be read from results of any version.
 *
 * @module
 */
import type { GridFailure, GridRow } from "./grid.ts";
import { TIMED, unitOf } from "./hop_metrics.ts";
import type { MeasuringMachine } from "./measuring_machine.ts";
import { type Quantiles, quantilesOf } from "./quantiles.ts";

/** Raised when metrics are counted in another way, so that values cannot be compared. */
export const GRID_SCHEMA = 2;
export const GRID_TYPE = "performance-grid";

/** One metric over all hops that are alike in the rest. */
export interface Cost extends Quantiles {
  /** A release, or {@linkcode ALL}; so is the reader. */
  readonly writer: string;
  readonly reader: string;
  /** Of both ends, `host,privatepool > nohost,privatepool`, or {@linkcode ALL}. */
  readonly configuration: string;
  /** What became of controllers, or {@linkcode ALL}. */
  readonly keepalive: string;
  readonly metric: string;
  readonly class: "exact" | "timed";
  readonly unit: string;
}

/** What is known of a measurement besides what it measured. */
export interface GridHeader {
  readonly type: typeof GRID_TYPE;
  readonly schema: number;
  readonly version: string;
  readonly machine: MeasuringMachine;
  readonly implementation: string;
  readonly releases: readonly string[];
  readonly seed: number;
  readonly selection: readonly string[];
  readonly conditions: number;
  readonly passes: number;
  /** False when it was interrupted, or its time was up. */
  readonly complete: boolean;
}

export interface GridResult extends GridHeader {
  readonly costs: readonly Cost[];
  readonly failures: readonly (GridFailure & { readonly count: number })[];
}

/** The place of a cost in the grid. */
export type CostPlace = Pick<Cost, "writer" | "reader" | "configuration" | "keepalive" | "metric">;

/** In the place of a writer, a reader and so on: all of them together. */
export const ALL = "all";

/** What `rows` come to, over all configurations and releases, and for each of them. */
export function costsOf(rows: readonly GridRow[]): readonly Cost[] {
  const varying = varyingMetrics(rows);
  const groups = new Map<string, { place: CostPlace; values: number[] }>();
  for (const { factors, values } of rows) {
    const placesOfRow = placesOf(factors);
    for (const [metric, all] of values) {
      for (const each of placesOfRow) {
        const place = { ...each, metric };
        const group = groups.get(keyOf(place)) ?? { place, values: [] };
        groups.set(keyOf(place), group);
        for (const value of all) group.values.push(value);
      }
    }
  }
  return Array.from(groups.values(), ({ place, values }) => ({
    ...place,
    class: TIMED.has(place.metric) || varying.has(place.metric) ? "timed" : "exact",
    unit: unitOf(place.metric),
    ...quantilesOf(values),
  }));
}

function placesOf(factors: GridRow["factors"]): readonly Omit<CostPlace, "metric">[] {
  const { writer = "", reader = "", keepalive = ALL } = factors;
  const own = `${factors["writer.configuration"]} > ${factors["reader.configuration"]}`;
  const kinds = keepalive === ALL ? [ALL] : [ALL, keepalive];
  return kinds.flatMap((kind) => [
    { writer: ALL, reader: ALL, configuration: ALL, keepalive: kind },
    { writer, reader, configuration: ALL, keepalive: kind },
    { writer, reader, configuration: own, keepalive: kind },
  ]);
}

export function keyOf({ writer, reader, configuration, keepalive, metric }: CostPlace): string {
  return JSON.stringify([writer, reader, configuration, keepalive, metric]);
}

/** Metrics that are exact by nature, and were not: programs of others may do as they like. */
export function varyingMetrics(rows: readonly GridRow[]): ReadonlySet<string> {
  const varying = new Set<string>();
  for (const { values } of rows) {
    for (const [metric, all] of values) {
      if (all.length > 1 && !TIMED.has(metric)) varying.add(metric);
    }
  }
  return varying;
}

/** Failures that are alike but for their condition, each with the first of them. */
export function failuresOf(failures: readonly GridFailure[]): GridResult["failures"] {
  const groups = new Map<string, GridFailure & { count: number }>();
  for (const failure of failures) {
    const { writer, reader, verdict, reason } = failure;
    const key = JSON.stringify([writer, reader, verdict, reason]);
    const count = (groups.get(key)?.count ?? 0) + 1;
    groups.set(key, { ...(groups.get(key) ?? failure), count });
  }
  return [...groups.values()];
}
