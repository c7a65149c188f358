/**
 * Every run of a comparison as it was measured, in order: what noise on a machine is like. The
 * self-test plays such runs again, as they were and in other combinations.
 *
 * @module
 */
import type { SideName } from "./block_order.ts";
import type { Metric } from "./metric.ts";

/** The side, and its values in the order of the metrics. */
export type KeptRun = readonly [SideName, ...number[]];

export interface KeptRuns {
  readonly schema: 1;
  /** Such as `node 24.21.0`. */
  readonly runtime: string;
  /** Processes that wanted a processor when it began and when it ended. */
  readonly load: readonly [number, number];
  /** The share by which side `b` was made slower; 0 where both are the same. */
  readonly slower: number;
  readonly metrics: readonly string[];
  readonly runs: readonly KeptRun[];
}

/** Digits that are kept of a value: noise is a thousand times larger. */
const DIGITS = 5;
/** Runs of a block: three sides, each of them twice. */
const RUNS_OF_BLOCK = 6;

export class KeepingRuns {
  readonly #load: () => number;
  readonly #before: number;
  readonly #runs: [SideName, readonly Metric[]][] = [];

  constructor(load: () => number) {
    this.#load = load;
    this.#before = load();
  }

  /** Keeps what a run measured, and answers it. */
  keep(side: SideName, metrics: readonly Metric[]): readonly Metric[] {
    this.#runs.push([side, metrics.filter((each) => each.class === "timed")]);
    return metrics;
  }

  /** All whole blocks as the text of a file, a run a line. */
  text(runtime: string, slower: number): string {
    const [, first = []] = this.#runs[0] ?? [];
    const metrics = first.map(({ metric }) => metric);
    const whole = this.#runs.length - (this.#runs.length % RUNS_OF_BLOCK);
    const runs = this.#runs.slice(0, whole).map(([side, values]) => {
      return [side, ...values.map(({ value }) => Number(value.toPrecision(DIGITS)))];
    });
    const load = [this.#before, this.#load()];
    const head = JSON.stringify({ schema: 1, runtime, load, slower, metrics });
    const lines = runs.map((run) => JSON.stringify(run)).join(",\n");
    return `${head.slice(0, -1)},"runs":[\n${lines}\n]}\n`;
  }
}

/** Reads such a text. Throws a `RangeError` when it is none, or of another schema. */
export function keptRuns(text: string, name: string): KeptRuns {
  const kept = JSON.parse(text) as Partial<KeptRuns>;
  const { schema, runs, metrics } = kept;
  if (schema !== 1 || !Array.isArray(runs) || !Array.isArray(metrics)) {
    throw new RangeError(`Cannot read ${name} as its schema must be 1: current value is ${schema}`);
  }
  return kept as KeptRuns;
}

/** Its blocks, each with its runs in the order of time. */
export function blocksOf({ runs }: KeptRuns): readonly (readonly KeptRun[])[] {
  return Array.from({ length: Math.floor(runs.length / RUNS_OF_BLOCK) }, (_, block) => {
    const at = block * RUNS_OF_BLOCK;
    return runs.slice(at, at + RUNS_OF_BLOCK);
  });
}
