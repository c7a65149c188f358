/**
 * A comparison under way: sides are run, progress is told, an interrupt is obeyed, and what
 * was measured until then is handed on.
 *
 * @module
 */
import { loadavg } from "node:os";
import {
  type ComparisonState,
  compare,
  KeepingRuns,
  SideError,
  type SideName,
} from "../bench/mod.ts";
import type { Side } from "./bench_side.ts";
import { progressText } from "./bench_text.ts";
import type { Shell } from "./shell.ts";

export interface Comparing {
  readonly sides: Readonly<Record<"a" | "b", Side>>;
  readonly floor: number;
  readonly band: number;
  readonly allow: number;
  readonly seed: number;
  /** When the last block may begin, on the clock of this process. */
  readonly endMs: number;
  /** Seconds of one run. */
  readonly timeout: number;
}

export interface Compared {
  readonly state: ComparisonState;
  readonly kept: KeepingRuns;
  /** Why it ended early; one line. */
  readonly broken?: string;
  readonly isInterrupted: boolean;
}

const NOTHING: ComparisonState = { blocks: 0, exact: [], only: { a: [], b: [] }, timed: [] };

export async function compared(input: Comparing, shell: Shell): Promise<Compared> {
  const { sides, floor, band, allow, seed, endMs, timeout } = input;
  const stop = new AbortController();
  using _ = shell.onInterrupt(() => stop.abort());
  const isOver = () => performance.now() >= endMs;
  const kept = new KeepingRuns(() => loadavg()[0] ?? 0);
  const runs = { a: 0, b: 0, control: 0 };
  const started = async (when: "each" | "once", side: SideName) => {
    const number = when === "each" ? runs[side]++ : 0;
    const own = sides[side === "b" ? "b" : "a"];
    return await own[when]([side, number], timeout * 1000, stop.signal);
  };
  const run = async (side: SideName) => kept.keep(side, await started("each", side));
  const runOnce = (side: "a" | "b") => started("once", side);
  let state = NOTHING;
  let broken: string | undefined;
  try {
    for await (state of compare({ run, runOnce, isOver, seed, floor, band, budget: allow })) {
      if (shell.progress) shell.tell(`\r\u001b[K${progressText(state)}`);
    }
  } catch (error) {
    if (!(error instanceof SideError)) throw error;
    if (!stop.signal.aborted) broken = error.message;
  } finally {
    if (shell.progress) shell.tell("\r\u001b[K");
  }
  const isInterrupted = stop.signal.aborted;
  return { state, kept, isInterrupted, ...(broken === undefined ? {} : { broken }) };
}
