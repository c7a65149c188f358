/**
 * Runs conditions one after the other, or a few side by side where an adapter says so. What was
 * learnt about programs and capabilities stays from one to the next.
 *
 * @module
 */
import type { Adapter } from "./adapter.ts";
import { combined, isSurprising } from "./attempts.ts";
import { announced, inOrder } from "./in_order.ts";
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
  /** How often a condition that surprised is run again. */
  readonly retries?: number;
  /** How often each condition is run, whatever it shows. */
  readonly attempts?: number;
  /** Milliseconds since some moment; without it nobody is told how long conditions take. */
  readonly now?: () => number;
}

/** Who is told of results. */
interface Listener {
  /** Says what of a result surprises, in any order. */
  judge(result: ConditionResult): ConditionResult;
  /** Has each result, in the order of the conditions. */
  count(result: ConditionResult): void;
  time(name: string, ms: number): void;
}

/** Conditions between two looks at signals and timers; few enough to feel immediate. */
const CONDITIONS_PER_TURN = 16;

/** Conditions of each lane before one that the adapter hears of. */
const SOON = 2;

/** What one condition at a time has for itself. */
interface Lane {
  readonly shared: Surroundings;
  readonly watchdog: Watchdog;
  readonly prologues: Prologues;
}

export class Walk implements AsyncDisposable {
  readonly #lanes: readonly Lane[];
  readonly #programs: Programs;
  readonly #listener: Listener;
  readonly #adapter: Adapter;
  readonly #retries: number;
  readonly #attemptsMin: number;
  readonly #now: (() => number) | undefined;
  #done = 0;

  constructor(input: WalkInput, listener: Listener) {
    const { adapter, space, scenarios, oracles, retries = 0, attempts = 1, now } = input;
    this.#lanes = Array.from({ length: adapter.rigsAtOnce ?? 1 }, () => laneOf(input));
    this.#programs = new Programs(adapter, space.axes, scenarios, oracles);
    this.#listener = listener;
    this.#adapter = adapter;
    this.#retries = retries;
    this.#attemptsMin = attempts;
    this.#now = now;
  }

  /** Runs the conditions. */
  async *along(planned: Iterable<Planned>): AsyncGenerator<ConditionResult> {
    const [first] = this.#lanes;
    if (first === undefined) return;
    if (this.#lanes.length > 1) {
      const announcing = announced(planned, this.#lanes.length * SOON, (one) => this.#tell(one));
      const results = inOrder(this.#lanes, announcing, (lane, one) => this.#run(lane, one));
      for await (const result of results) yield this.#counted(result);
      return;
    }
    for (const one of planned) {
      if (++this.#done % CONDITIONS_PER_TURN === 0) await nextTurn();
      yield this.#counted(await this.#run(first, one));
    }
  }

  #tell({ condition: { path, settings } }: Planned): void {
    this.#adapter.soon?.(path[0], settings);
  }

  #counted(result: ConditionResult): ConditionResult {
    this.#listener.count(result);
    return result;
  }

  async #run(lane: Lane, planned: Planned): Promise<ConditionResult> {
    const { name, at } = planned;
    const started = this.#now?.();
    const result = await this.#attempts(lane, planned);
    if (started !== undefined) this.#listener.time(name, (this.#now?.() ?? started) - started);
    return at === undefined ? result : placed(result, at);
  }

  /** Runs a condition as often as is asked for, and what surprises a few times more. */
  async #attempts(lane: Lane, planned: Planned): Promise<ConditionResult> {
    const first = await this.#attempt(lane, planned);
    const wanted = Math.max(this.#attemptsMin, isSurprising(first) ? this.#retries + 1 : 1);
    if (wanted === 1) return first;
    const attempts = [first];
    while (attempts.length < wanted) {
      // What the first attempt began with is not to be trusted, either.
      await lane.prologues[Symbol.asyncDispose]();
      this.#adapter.afresh?.();
      attempts.push(await this.#attempt(lane, planned));
    }
    return { ...combined(attempts), attempts: attempts.length };
  }

  async #attempt(lane: Lane, { condition, name, selected }: Planned): Promise<ConditionResult> {
    const program = this.#programs.of(condition, selected);
    const result = await runCondition(lane.shared, lane.prologues, condition, name, program);
    return this.#listener.judge(result);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { watchdog, prologues } of this.#lanes) {
      using _watchdog = watchdog;
      await prologues[Symbol.asyncDispose]();
    }
  }
}

/** `result` with its place in the plan, in front of everything else that is its own. */
function placed({ type, ...result }: ConditionResult, at: number): ConditionResult {
  return { type, at, ...result };
}

function laneOf({ adapter, space, seed, ...input }: WalkInput): Lane {
  const { deadlineMs = DEADLINE_MS, traced = false } = input;
  const watchdog = new Watchdog(Math.max(deadlineMs, adapter.deadlineMs ?? 0));
  const shared = { adapter, axes: space.axes, seed, watchdog, traced };
  return { shared, watchdog, prologues: new Prologues(shared) };
}

/** Lets signals and timers in, which promises alone never do. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
