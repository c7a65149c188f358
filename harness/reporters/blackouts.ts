/**
 * How long guests stood still in a run, by the release that they came back under: from the stop of
 * a machine to the first answer that its guest got, on the machine's own clock.
 *
 * @module
 */
import type { ConditionResult } from "../report.ts";

/** Of all servicings that ended under one release, in microseconds. */
export interface BlackoutRange {
  readonly release: string;
  readonly count: number;
  readonly shortestUs: number;
  readonly medianUs: number;
  readonly longestUs: number;
}

export class Blackouts {
  /** Servicings by their time; a virtual clock makes few different ones. */
  readonly #times = new Map<string, Map<number, number>>();

  add({ transcript }: ConditionResult): void {
    for (const { event, release, figures = {} } of transcript) {
      if (event !== "blackout") continue;
      const us = Object.values(figures).reduce((sum, phase) => sum + phase, 0);
      const times = this.#times.get(release) ?? new Map<number, number>();
      this.#times.set(release, times);
      times.set(us, (times.get(us) ?? 0) + 1);
    }
  }

  /** In the order of `releases`. */
  ranges(releases: readonly string[]): BlackoutRange[] {
    return releases.flatMap((release) => {
      const times = this.#times.get(release);
      return times === undefined ? [] : rangeOf(release, times);
    });
  }
}

function rangeOf(release: string, times: ReadonlyMap<number, number>): BlackoutRange {
  const sorted = [...times].sort(([left], [right]) => left - right);
  const count = sorted.reduce((sum, [, each]) => sum + each, 0);
  let left = count / 2;
  const median = sorted.find(([, each]) => {
    left -= each;
    return left <= 0;
  });
  const [shortestUs, medianUs, longestUs] = [sorted[0], median, sorted.at(-1)].map(
    (entry) => entry?.[0] ?? 0,
  ) as [number, number, number];
  return { release, count, shortestUs, medianUs, longestUs };
}

/** `221.2 ms` */
export function milliseconds(us: number): string {
  return `${(us / 1_000).toFixed(1)} ms`;
}
