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
  /** True once the budget is spent. */
  isOver(): boolean;
  readonly seed: number;
  /** Effects up to this are no change: 0.02 is 2 %. */
  readonly floor: number;
  /** What exact metrics may grow by: 0.01 is 1 %. */
  readonly budget: number;
}

export interface ComparisonState {
  readonly blocks: number;
  readonly exact: readonly ExactJudged[];
  /** Of the last look; empty before the first. */
  readonly timed: readonly Judged[];
}

/** Tells what is known after each block; the last one is the result. */
export async function* compare(input: ComparisonInput): AsyncGenerator<ComparisonState> {
  const measured = new Measured();
  let timed: readonly Judged[] = [];
  for (let block = 0; block < (LOOKS.at(-1) as number); block++) {
    measured.add(await runBlock(input, block));
    const exact = judgeExact(measured.first("a"), measured.first("b"), input.budget);
    const isLook = LOOKS.includes(measured.blocks);
    const isOver = input.isOver();
    if (isLook || isOver) timed = look(measured, input);
    yield { blocks: measured.blocks, exact, timed };
    if (isOver || measured.timed().length === 0 || (isLook && timed.every(isDecided))) return;
  }
}

/** The sides of a block, in its order. */
async function runBlock(
  { run, seed }: ComparisonInput,
  block: number,
): Promise<Record<SideName, (readonly Metric[])[]>> {
  const runs: Record<SideName, (readonly Metric[])[]> = { a: [], b: [], control: [] };
  for (const side of blockOrder(seed, block)) runs[side].push(await run(side));
  return runs;
}

function look(measured: Measured, { seed, floor }: ComparisonInput): readonly Judged[] {
  const chances = new Chances(measured.blocks, seed);
  return judge(measured.timed(), { alpha: ALPHA_OF_LOOK, floor }, chances);
}

function isDecided({ verdict }: Judged): boolean {
  return verdict !== "inconclusive" && verdict !== "refused";
}
