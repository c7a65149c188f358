/**
 * What one process measures of an adapter. The octets of saved states and the blackouts of the
 * virtual clock are exact. Times are sums over conditions of the best pass of each: short pieces,
 * as the best of them is what a busy machine disturbs least. The first pass warms up.
 *
 * @module
 */
import type { Adapter, SavedState } from "../adapter.ts";
import type { Planned } from "../plan.ts";
import type { ConditionResult } from "../report.ts";
import { demandForward } from "./clock_error.ts";
import { clocked, Stopwatch } from "./clocked.ts";
import type { Metric } from "./metric.ts";
import { transcriptMetrics } from "./transcript_metrics.ts";

export interface SampleInput {
  readonly adapter: Adapter;
  /** Gets ready to run a condition, with the adapter in place of its own. */
  open(adapter: Adapter): (planned: Planned) => AsyncIterable<ConditionResult>;
  readonly planned: readonly Planned[];
  readonly passes: number;
  /** Decodes a saved state, where its format is known. */
  decode?(state: SavedState): unknown;
  /** Milliseconds since some moment. */
  now(): number;
  /** Makes all that is timed slower by this share, to see that it is found: 0.05 is 5 %. */
  readonly slower?: number;
}

export async function sample(input: SampleInput): Promise<readonly Metric[]> {
  const { passes, planned, now, decode } = input;
  const watch = new Stopwatch(now, input.slower ?? 0);
  const run = input.open(clocked(input.adapter, watch));
  const best = new Best();
  let results: ConditionResult[] = [];
  for (let pass = 0; pass < passes; pass++) {
    results = [];
    for (const one of planned) {
      const begin = now();
      for await (const result of run(one)) results.push(result);
      best.take("all", one, now() - begin);
      const { spent, states } = watch.lap();
      for (const [verb, ms] of Object.entries(spent)) best.take(verb, one, ms);
      if (decode === undefined) continue;
      const decoding = now();
      for (const state of states) decode(state);
      watch.linger(decoding);
      best.take("decode", one, now() - decoding);
    }
  }
  return [...results.flatMap(transcriptMetrics), ...best.metrics()];
}

/** `most` of `all`: the middle one of each of as many shares. */
export function evenly<T>(all: readonly T[], most: number): readonly T[] {
  if (all.length <= most) return all;
  const share = all.length / most;
  return Array.from({ length: most }, (_, at) => all[Math.floor((at + 0.5) * share)] as T);
}

/** The shortest time of each thing in each condition. */
class Best {
  readonly #times = new Map<string, Map<Planned, number>>();

  take(what: string, planned: Planned, ms: number): void {
    const times = this.#times.get(what) ?? new Map<Planned, number>();
    this.#times.set(what, times);
    demandForward(what, ms);
    times.set(planned, Math.min(ms, times.get(planned) ?? ms));
  }

  /** Of each thing the sum over conditions; what is never done takes no time. */
  metrics(): Metric[] {
    return Array.from(this.#times, ([metric, times]): Metric => {
      const value = [...times.values()].reduce((sum, ms) => sum + ms, 0);
      return { metric, class: "timed", unit: "ms", value };
    }).filter(({ value }) => value > 0);
  }
}
