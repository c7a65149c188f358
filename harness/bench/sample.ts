/**
 * What one process measures of an adapter. The octets of saved states and the blackouts of the
 * virtual clock are exact; times are those of the best of a few passes through the same conditions,
 * the first of which warms up.
 *
 * @module
 */
import type { Adapter, SavedState } from "../adapter.ts";
import type { Planned } from "../plan.ts";
import type { ConditionResult } from "../report.ts";
import { clocked, Stopwatch } from "./clocked.ts";
import type { Metric } from "./metric.ts";
import { transcriptMetrics } from "./transcript_metrics.ts";

export interface SampleInput {
  readonly adapter: Adapter;
  /** Runs the conditions once, with the adapter in place of its own. */
  run(adapter: Adapter, planned: readonly Planned[]): AsyncIterable<ConditionResult>;
  readonly planned: readonly Planned[];
  readonly passes: number;
  /** Decodes a saved state, where its format is known. */
  decode?(state: SavedState): unknown;
  /** Milliseconds since some moment. */
  now(): number;
}

export async function sample(input: SampleInput): Promise<readonly Metric[]> {
  const { passes, planned, now } = input;
  const watch = new Stopwatch(now);
  const adapter = clocked(input.adapter, watch);
  const best = new Map<string, number>();
  const time = (what: string, ms: number) => best.set(what, Math.min(ms, best.get(what) ?? ms));
  let results: ConditionResult[] = [];
  for (let pass = 0; pass < passes; pass++) {
    const begin = now();
    results = [];
    for await (const result of input.run(adapter, planned)) results.push(result);
    time("all", now() - begin);
    const { spent, states } = watch.lap();
    for (const [verb, ms] of Object.entries(spent)) time(verb, ms);
    const decoding = now();
    if (input.decode) for (const state of states) input.decode(state);
    time("decode", input.decode ? now() - decoding : 0);
  }
  return [...results.flatMap(transcriptMetrics), ...Array.from(best, timed).filter(isMeasured)];
}

/** `most` of `all`, evenly over them. */
export function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  return Array.from({ length: most }, (_, at) => all[Math.floor((at * all.length) / most)] as T);
}

function timed([metric, value]: readonly [string, number]): Metric {
  return { metric, class: "timed", unit: "ms", value };
}

/** What is never done takes no time. */
function isMeasured({ value }: Metric): boolean {
  return value > 0;
}
