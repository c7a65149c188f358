/**
 * Whether comparisons can be trusted: how often they raise an alarm where nothing differs, and how
 * often they find what does. Runs that were measured are judged again as they were; and many more
 * comparisons are made of them, of blocks drawn with replacement. Where all sides are alike, runs
 * get their sides anew; where side `b` was slower, only the other two are dealt anew, so that what
 * they differed by chance does not come again with each draw.
 *
 * @module
 */
import { drawsOf } from "../seed.ts";
import { blockOrder, type SideName } from "./block_order.ts";
import { Chances } from "./chances.ts";
import { type ComparisonState, compare } from "./comparison.ts";
import { blocksOf, type KeptRun, type KeptRuns } from "./kept_runs.ts";
import type { Metric } from "./metric.ts";
import type { Judged } from "./verdict.ts";

export interface SelfTestRow {
  readonly runtime: string;
  /** Processes were run as they are judged, or measured processes were drawn from. */
  readonly from: "processes" | "draws";
  /** The share by which side `b` is slower. */
  readonly slower: number;
  readonly comparisons: number;
  /** Metrics that are slower by all of it, of all comparisons, and those that were called so. */
  readonly slow: number;
  readonly found: number;
  /** Comparisons that called something slower that is not, or faster. */
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

/** What a process does besides is no slower: they are slower by a part of it. */
const PARTLY = /^(all|processor( .*)?)$/;

/** Judges runs as they were measured. */
export async function replayed(kept: KeptRuns, input: SelfTestInput): Promise<SelfTestRow> {
  const all = Array.from(blocksOf(kept).keys());
  const order = (block: number) => sidesOf(kept, block);
  const state = await ended({ ...input, blocksMax: all.length }, kept, all, order);
  return rowOf(kept, "processes", [state]);
}

/** Judges `comparisons` of blocks that are drawn from those of `kept`. */
export async function drawn(
  kept: KeptRuns,
  comparisons: number,
  input: SelfTestInput,
): Promise<SelfTestRow> {
  const { length } = blocksOf(kept);
  const states: ComparisonState[] = [];
  for (let comparison = 0; comparison < comparisons; comparison++) {
    const draw = drawsOf(input.seed, `comparison ${comparison} ${kept.slower}`);
    const seed = draw(2 ** 32);
    const blocks = Array.from({ length: input.blocksMax }, () => draw(length));
    const swaps = blocks.map(() => draw(2) === 1);
    const dealt = (block: number) =>
      kept.slower === 0
        ? blockOrder(seed, block)
        : sidesOf(kept, blocks[block]).map((side) => (swaps[block] ? SWAPPED[side] : side));
    states.push(await ended(input, kept, blocks, dealt));
  }
  return rowOf(kept, "draws", states);
}

const SWAPPED = { a: "control", control: "a", b: "b" } as const;

function sidesOf(kept: KeptRuns, block = 0): readonly SideName[] {
  return (blocksOf(kept)[block] as readonly KeptRun[]).map(([side]) => side);
}

function rowOf(
  { runtime, slower, metrics }: KeptRuns,
  from: SelfTestRow["from"],
  states: readonly ComparisonState[],
): SelfTestRow {
  const slow = slower > 0 ? metrics.filter((metric) => !PARTLY.test(metric)) : [];
  const isFound = ({ verdict, metric }: Judged) =>
    verdict === "regression" && slow.includes(metric);
  const isFalse = ({ verdict }: Judged) =>
    verdict === "improvement" || (verdict === "regression" && slower === 0);
  const isRefused = ({ verdict }: Judged) => verdict === "refused";
  const blocks = states.map((state) => state.blocks).sort((one, other) => one - other);
  const count = (is: (judged: Judged) => boolean) =>
    states.filter(({ timed }) => timed.some(is)).length;
  return {
    ...{ runtime, from, slower },
    comparisons: states.length,
    slow: slow.length * states.length,
    found: states.reduce((sum, { timed }) => sum + timed.filter(isFound).length, 0),
    falseAlarms: count(isFalse),
    refused: count(isRefused),
    blocks: blocks[blocks.length >> 1] ?? 0,
  };
}

/** How often which blocks are drawn is the same in all comparisons of as many. */
const CHANCES = new Map<number, Chances>();

/** What a comparison of these blocks comes to, with sides in this order. */
async function ended(
  { seed, floor, band, blocksMax }: SelfTestInput,
  kept: KeptRuns,
  blocks: readonly number[],
  order: (block: number) => readonly SideName[],
): Promise<ComparisonState> {
  const all = blocksOf(kept);
  const runs = blocks.flatMap((block) => all[block] ?? []).values();
  let count = 0;
  let last: ComparisonState | undefined;
  const chances = (blocks: number) => {
    const known = CHANCES.get(blocks) ?? new Chances(blocks, seed);
    CHANCES.set(blocks, known);
    return known;
  };
  const states = compare({
    run: () => {
      count++;
      const [, ...values] = runs.next().value as KeptRun;
      return Promise.resolve(metricsOf(kept, values));
    },
    isOver: () => count >= blocksMax * 6,
    ...{ seed, floor, band, budget: 0, chances },
    order,
  });
  for await (last of states);
  if (last === undefined) throw new RangeError("Cannot judge a comparison that has no blocks");
  return last;
}

function metricsOf({ metrics }: KeptRuns, values: readonly number[]): readonly Metric[] {
  return metrics.map((metric, at) => {
    return { metric, class: "timed", unit: "ms", value: values[at] as number };
  });
}
