/**
 * Runs conditions one after the other, or a few side by side where an adapter says so. What was
 * learnt about programs and capabilities stays from one to the next.
 *
 * @module
 */
import type { Adapter } from "./adapter.ts";
import { inOrder } from "./in_order.ts";
import type { Surroundings } from "./inquiry.ts";
import type { PlanInput, Planned } from "./plan.ts";
import { Programs } from "./program.ts";
import { Prologues } from "./prologue.ts";
import type { ConditionResult } from "./report.ts";
import { runCondition } from "./runner.ts";
import { DEADLINE_MS, Watchdog } from "./watchdog.ts";

interface WalkInput extends PlanInput {
  readonly adapter: Adapter;
  /** Time after which one answer is overdue. */
  readonly deadlineMs?: number;
  /** Transcripts have every message, where a rig can tell. */
  readonly traced?: boolean;
}

/** Conditions between two looks at signals and timers; few enough to feel immediate. */
const CONDITIONS_PER_TURN = 16;

/** What one condition at a time has for itself. */
interface Lane {
  readonly shared: Surroundings;
  readonly watchdog: Watchdog;
  readonly prologues: Prologues;
}

export class Walk implements AsyncDisposable {
  readonly #lanes: readonly Lane[];
  readonly #programs: Programs;
  readonly #judge: (result: ConditionResult) => ConditionResult;
  #done = 0;

  /** `judge` has the last word on each result, in the order of the conditions. */
  constructor(input: WalkInput, judge: (result: ConditionResult) => ConditionResult) {
    const { adapter, space, scenarios, oracles } = input;
    this.#lanes = Array.from({ length: adapter.rigsAtOnce ?? 1 }, () => laneOf(input));
    this.#programs = new Programs(adapter, space.axes, scenarios, oracles);
    this.#judge = judge;
  }

  /** Runs the conditions. */
  async *along(planned: Iterable<Planned>): AsyncGenerator<ConditionResult> {
    const [first] = this.#lanes;
    if (first === undefined) return;
    if (this.#lanes.length > 1) {
      const results = inOrder(this.#lanes, planned, (lane, one) => this.#run(lane, one));
      for await (const result of results) yield this.#judge(result);
      return;
    }
    for (const one of planned) {
      if (++this.#done % CONDITIONS_PER_TURN === 0) await nextTurn();
      yield this.#judge(await this.#run(first, one));
    }
  }

  #run(lane: Lane, { condition, name, selected }: Planned): Promise<ConditionResult> {
    const program = this.#programs.of(condition, selected);
    return runCondition(lane.shared, lane.prologues, condition, name, program);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { watchdog, prologues } of this.#lanes) {
      using _watchdog = watchdog;
      await prologues[Symbol.asyncDispose]();
    }
  }
}

function laneOf({ adapter, space, seed, ...input }: WalkInput): Lane {
  const { deadlineMs = DEADLINE_MS, traced = false } = input;
  const watchdog = new Watchdog(deadlineMs);
  const shared = { adapter, axes: space.axes, seed, watchdog, traced };
  return { shared, watchdog, prologues: new Prologues(shared) };
}

/** Lets signals and timers in, which promises alone never do. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
