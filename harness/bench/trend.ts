/**
 * What stored results have come to, place by place: over all hops, between two releases, and with
 * what became of controllers. Configurations are left out: a plan of another day has others.
 *
 * @module
 */
import { ALL, type Cost, type CostPlace } from "./grid_result.ts";

export type Triple = readonly [p50: number, p99: number, max: number];

export interface TrendPlace extends Pick<CostPlace, "writer" | "reader" | "keepalive"> {
  readonly metrics: Readonly<Record<string, Triple>>;
}

/** A stored result. */
export interface StoredTrend {
  readonly name: string;
  /** Why it is no baseline; null when it is one. */
  readonly foreign: string | null;
  readonly places: readonly TrendPlace[];
}

export function trendPlaces(costs: readonly Cost[]): readonly TrendPlace[] {
  const whole = costs.filter(({ configuration }) => configuration === ALL);
  const places = Map.groupBy(whole, ({ writer, reader, keepalive }) =>
    JSON.stringify([writer, reader, keepalive]),
  );
  return Array.from(places.values(), (own) => {
    const [{ writer, reader, keepalive }] = own as [Cost, ...Cost[]];
    const triples = own.map(({ metric, p50, p99, max }) => [metric, [p50, p99, max]] as const);
    return { writer, reader, keepalive, metrics: Object.fromEntries(triples) };
  });
}
