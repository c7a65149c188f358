/**
 * Whether comparisons can be trusted: how often they raise an alarm where nothing differs, and how
 * often they find what does. Runs that were measured are judged again as they were; and many more
 * comparisons are made of them, of blocks drawn with replacement, whose runs get sides anew. In
 * those one metric of side `b` is multiplied, each metric in its turn.
 *
 * @module
 */
import { type Draw, drawsOf } from "../seed.ts";
import { blockOrder, type SideName } from "./block_order.ts";
import { Chances } from "./chances.ts";
import { type ComparisonState, compare } from "./comparison.ts";
import { blocksOf, type KeptRuns } from "./kept_runs.ts";
import type { Metric } from "./metric.ts";

export interface SelfTestRow {
  readonly runtime: string;
  /** Processes were run as they are judged, or measured processes were drawn from. */
  readonly from: "processes" | "draws";
  /** The share by which side `b` is slower, in all metrics or in one. */
  readonly slower: number;
  readonly comparisons: number;
  /** Metrics that are slower, of all comparisons, and those of them that were called so. */
  readonly slow: number;
  readonly found: number;
  /** Comparisons with an alarm about a metric that is not slower. */
  readonly falseAlarms: number;
  readonly refused: number;
  /** Of the middle comparison. */
  readonly blocks: number;
}

export interface SelfTestInput {
  readonly seed: number;
  readonly floor: number;
  readonly band: number;
  /** Blocks that a comparison may have. */
  readonly blocksMax: number;
}

/** Judges runs as they were measured. */
export async function replayed(kept: KeptRuns, input: SelfTestInput): Promise<SelfTestRow> {
  const runs = kept.runs.values();
  const last = Math.floor(kept.runs.length / 6);
  const run = () => {
    const [, ...values] = runs.next().value as readonly [SideName, ...number[]];
    return metricsOf(kept, values);
  };
  // The order of sides is that in which they were run.
  const order = orderOf(kept);
  const state = await ended({ ...input, blocksMax: last }, order, run);
  const slow = kept.slower > 0 ? kept.metrics : [];
  return rowOf(kept.runtime, "processes", kept.slower, [{ state, slow }]);
}

/** Judges `comparisons` of drawn blocks, with one metric slower by the share `slower`. */
export async function drawn(
  kept: KeptRuns,
  slower: number,
  comparisons: number,
  input: SelfTestInput,
): Promise<SelfTestRow> {
  const cases: Case[] = [];
  const blocks = blocksOf(kept);
  for (let comparison = 0; comparison < comparisons; comparison++) {
    const name = kept.metrics[comparison % kept.metrics.length] as string;
    const draw = drawsOf(input.seed, `comparison ${comparison} ${slower}`);
    const seed = draw(2 ** 32);
    const sides = (block: number) => blockOrder(seed, block);
    const values = valuesOf(blocks, draw);
    const run = (side: SideName) =>
      metricsOf(kept, values()).map((metric) => {
        const factor = side === "b" && metric.metric === name ? 1 + slower : 1;
        return { ...metric, value: metric.value * factor };
      });
    const state = await ended(input, sides, run);
    cases.push({ state, slow: slower > 0 ? [name] : [] });
  }
  return rowOf(kept.runtime, "draws", slower, cases);
}

interface Case {
  readonly state: ComparisonState;
  readonly slow: readonly string[];
}

function rowOf(
  runtime: string,
  from: SelfTestRow["from"],
  slower: number,
  cases: readonly Case[],
): SelfTestRow {
  const count = (is: (each: Case) => boolean) => cases.filter(is).length;
  const alarms = ({ state }: Case) =>
    state.timed.filter(({ verdict }) => verdict === "regression" || verdict === "improvement");
  const blocks = cases.map(({ state }) => state.blocks).sort((one, other) => one - other);
  return {
    runtime,
    from,
    slower,
    comparisons: cases.length,
    slow: cases.reduce((sum, { slow }) => sum + slow.length, 0),
    found: cases.reduce((sum, { state, slow }) => {
      const called = state.timed.filter(({ verdict }) => verdict === "regression");
      return sum + called.filter(({ metric }) => slow.includes(metric)).length;
    }, 0),
    falseAlarms: count((each) => alarms(each).some(({ metric }) => !each.slow.includes(metric))),
    refused: count(({ state }) => state.timed.some(({ verdict }) => verdict === "refused")),
    blocks: blocks[blocks.length >> 1] ?? 0,
  };
}

/** The values of run after run: those of a block that is drawn, then of another one. */
function valuesOf(blocks: ReturnType<typeof blocksOf>, draw: Draw): () => readonly number[] {
  let left: (readonly number[])[] = [];
  return () => {
    if (left.length === 0) left = [...(blocks[draw(blocks.length)] as (typeof blocks)[number])];
    return left.shift() as readonly number[];
  };
}

function metricsOf({ metrics }: KeptRuns, values: readonly number[]): readonly Metric[] {
  return metrics.map((metric, at) => {
    return { metric, class: "timed", unit: "ms", value: values[at] as number };
  });
}

function orderOf({ runs }: KeptRuns): (block: number) => readonly SideName[] {
  return (block) => runs.slice(block * 6, block * 6 + 6).map(([side]) => side);
}

/** How often which blocks are drawn is the same in all comparisons of as many. */
const CHANCES = new Map<number, Chances>();

/** What a comparison of `run` comes to. */
async function ended(
  { seed, floor, band, blocksMax }: SelfTestInput,
  order: (block: number) => readonly SideName[],
  run: (side: SideName) => readonly Metric[],
): Promise<ComparisonState> {
  let runs = 0;
  let last: ComparisonState | undefined;
  const chances = (blocks: number) => {
    const known = CHANCES.get(blocks) ?? new Chances(blocks, seed);
    CHANCES.set(blocks, known);
    return known;
  };
  const states = compare({
    run: (side) => {
      runs++;
      return Promise.resolve(run(side));
    },
    isOver: () => runs >= blocksMax * 6,
    seed,
    floor,
    band,
    budget: 0,
    order,
    chances,
  });
  for await (last of states);
  if (last === undefined) throw new RangeError("Cannot judge a comparison that has no blocks");
  return last;
}
