/**
 * A comparison of two sides: blocks are added until a look finds every metric decided, or until the
 * budget ends. Each run of a side is a process of its own, as runs in one process share its luck.
 *
 * @module
 */
import { blockOrder, type SideName } from "./block_order.ts";
import { Chances } from "./chances.ts";
import { type ExactJudged, judgeExact } from "./exact.ts";
import { judge } from "./judge.ts";
import { ALPHA_OF_LOOK, LOOKS } from "./looks.ts";
import { Measured } from "./measured.ts";
import type { Metric } from "./metric.ts";
import type { Judged } from "./verdict.ts";

export interface ComparisonInput {
  /** Runs a fresh process of a side. Throws a `SideError` when it measures nothing. */
  run(side: SideName): Promise<readonly Metric[]>;
  /** Runs what a side measures only once, all of it exact. */
  runOnce?(side: "a" | "b"): Promise<readonly Metric[]>;
  /** True once the budget is spent. */
  isOver(): boolean;
  readonly seed: number;
  /** Effects up to this are no change: 0.02 is 2 %. */
  readonly floor: number;
  /** Effects that are smaller for certain are called the same. */
  readonly band: number;
  /** What exact metrics may grow by: 0.01 is 1 %. */
  readonly budget: number;
  /** The sides of a block in their order, where it is settled already. */
  order?(block: number): readonly SideName[];
  /** What is drawn for so many blocks, where it is there already. */
  chances?(blocks: number): Chances;
}

export interface ComparisonState {
  readonly blocks: number;
  readonly exact: readonly ExactJudged[];
  /** Metrics that only one side has: nothing can be said of them. */
  readonly only: Readonly<Record<"a" | "b", readonly string[]>>;
  /** Of the last look; empty before the first. */
  readonly timed: readonly Judged[];
}

/** Tells what is known after each block; the last one is the result. */
export async function* compare(input: ComparisonInput): AsyncGenerator<ComparisonState> {
  const measured = new Measured();
  let timed: readonly Judged[] = [];
  const once = { a: (await input.runOnce?.("a")) ?? [], b: (await input.runOnce?.("b")) ?? [] };
  for (let block = 0; block < (LOOKS.at(-1) as number); block++) {
    measured.add(await runBlock(input, block));
    const [a, b] = [
      [...once.a, ...measured.first("a")],
      [...once.b, ...measured.first("b")],
    ];
    const exact = judgeExact(a, b, input.budget);
    const only = { a: besides(a, b), b: besides(b, a) };
    const isLook = LOOKS.includes(measured.blocks);
    const isOver = input.isOver();
    if (isLook || isOver) timed = look(measured, input);
    yield { blocks: measured.blocks, exact, only, timed };
    if (isOver || measured.timed().length === 0 || (isLook && timed.every(isDecided))) return;
  }
}

function besides(one: readonly Metric[], other: readonly Metric[]): readonly string[] {
  const known = new Set(other.map(({ metric }) => metric));
  return one.map(({ metric }) => metric).filter((metric) => !known.has(metric));
}

/** The sides of a block, in its order. */
async function runBlock(
  { run, seed, order }: ComparisonInput,
  block: number,
): Promise<Record<SideName, (readonly Metric[])[]>> {
  const runs: Record<SideName, (readonly Metric[])[]> = { a: [], b: [], control: [] };
  for (const side of order?.(block) ?? blockOrder(seed, block)) runs[side].push(await run(side));
  return runs;
}

function look(measured: Measured, input: ComparisonInput): readonly Judged[] {
  const { seed, floor, band } = input;
  const chances = input.chances?.(measured.blocks) ?? new Chances(measured.blocks, seed);
  return judge(measured.timed(), { alpha: ALPHA_OF_LOOK, floor, band }, chances);
}

function isDecided({ verdict }: Judged): boolean {
  return verdict !== "inconclusive" && verdict !== "refused";
}
