/**
 * Runs conditions one after the other. What was learnt about programs and capabilities stays from
 * one to the next.
 *
 * @module
 */
import type { Adapter } from "./adapter.ts";
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
}

/** Conditions between two looks at signals and timers; few enough to feel immediate. */
const CONDITIONS_PER_TURN = 16;

export class Walk implements AsyncDisposable {
  readonly #shared: Surroundings;
  readonly #watchdog: Watchdog;
  readonly #programs: Programs;
  readonly #prologues: Prologues;
  readonly #judge: (result: ConditionResult) => ConditionResult;
  #done = 0;

  /** `judge` has the last word on each result. */
  constructor(input: WalkInput, judge: (result: ConditionResult) => ConditionResult) {
    const { adapter, space, scenarios, oracles, seed, deadlineMs = DEADLINE_MS } = input;
    this.#watchdog = new Watchdog(deadlineMs);
    this.#shared = { adapter, axes: space.axes, seed, watchdog: this.#watchdog };
    this.#prologues = new Prologues(this.#shared);
    this.#programs = new Programs(adapter, space.axes, scenarios, oracles);
    this.#judge = judge;
  }

  /** Runs the conditions. */
  async *along(planned: Iterable<Planned>): AsyncGenerator<ConditionResult> {
    for (const { condition, name, selected } of planned) {
      if (++this.#done % CONDITIONS_PER_TURN === 0) await nextTurn();
      const program = this.#programs.of(condition, selected);
      const result = await runCondition(this.#shared, this.#prologues, condition, name, program);
      yield this.#judge(result);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _watchdog = this.#watchdog;
    await this.#prologues[Symbol.asyncDispose]();
  }
}

/** Lets signals and timers in, which promises alone never do. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
