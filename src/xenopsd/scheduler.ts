/**
 * The threads of one machine, one step at a time. Which of those that can run is next is chance
 * from a seed; time goes on only when nothing can run.
 *
 * @module
 */
import { Random } from "./random.ts";
import { POINT, type Run, type StepPoint } from "./step_point.ts";
import type { VirtualClock } from "./virtual_clock.ts";
import { Wait } from "./wait.ts";

export type ThreadKind = "worker" | "client" | "event";

export interface Thread {
  readonly kind: ThreadKind;
  readonly run: Run<void>;
  /** The point that it announces; absent for threads without effects. */
  point: StepPoint | undefined;
  /** Thrown into it at its next step. */
  strike: Error | undefined;
  /** What holds it. */
  held: Wait | undefined;
}

export type StepKind = ThreadKind | "clock";

export class Scheduler {
  readonly #clock: VirtualClock;
  readonly #random: Random;
  readonly #onPoint: (thread: Thread) => void;
  #ready: Thread[] = [];
  /** By deadline, the next one last. */
  #timers: Wait[] = [];
  #workTimers = 0;

  constructor(clock: VirtualClock, seed: number, onPoint: (thread: Thread) => void) {
    this.#clock = clock;
    this.#random = new Random(seed);
    this.#onPoint = onPoint;
  }

  /** Something can run, or work waits for a time; clients that wait do not count. */
  get isBusy(): boolean {
    return this.#ready.length > 0 || this.#workTimers > 0;
  }

  get canRun(): boolean {
    this.#fireTimers();
    return this.#ready.length > 0;
  }

  /** When the next wait ends by itself. */
  get nextDeadlineMs(): number | undefined {
    while (this.#timers.at(-1)?.isOver) this.#timers.pop();
    return this.#timers.at(-1)?.deadlineMs;
  }

  spawn(kind: ThreadKind, run: Run<void>, point?: StepPoint): Thread {
    const thread: Thread = { kind, run, point, strike: undefined, held: undefined };
    this.#ready.push(thread);
    return thread;
  }

  /** One step of one thread, or of the clock; undefined if there is none to make. */
  step(): StepKind | undefined {
    this.#fireTimers();
    const count = this.#ready.length;
    if (count === 0) return this.#jump() ? "clock" : undefined;
    const index = count === 1 ? 0 : this.#random.below(count);
    const thread = this.#ready[index] as Thread;
    const { strike } = thread;
    thread.strike = undefined;
    const { done, value } = strike === undefined ? thread.run.next() : thread.run.throw(strike);
    if (done === true) this.#drop(thread);
    else if (value === POINT) this.#onPoint(thread);
    else if (value instanceof Wait && !value.isOver) {
      this.#drop(thread);
      this.#hold(thread, value);
    }
    return thread.kind;
  }

  /** Runs at once, whatever else there is, until it ends or has to wait. */
  runAtOnce(thread: Thread, isLost: () => boolean): void {
    while (!isLost()) {
      const { strike } = thread;
      thread.strike = undefined;
      const { done, value } = strike === undefined ? thread.run.next() : thread.run.throw(strike);
      if (done === true) return;
      if (value === POINT) this.#onPoint(thread);
      else if (value instanceof Wait && !value.isOver) {
        this.#hold(thread, value);
        return;
      }
    }
  }

  /** Every thread is gone, wherever it stood. */
  clear(): void {
    this.#ready = [];
    this.#timers = [];
    this.#workTimers = 0;
  }

  #drop(thread: Thread): void {
    const last = this.#ready.pop() as Thread;
    if (last === thread) return;
    this.#ready[this.#ready.indexOf(thread)] = last;
  }

  #hold(thread: Thread, wait: Wait): void {
    const isWork = wait.deadlineMs !== undefined && !wait.isClient;
    if (isWork) this.#workTimers++;
    if (wait.deadlineMs !== undefined) this.#addTimer(wait, wait.deadlineMs);
    thread.held = wait;
    wait.onOver = () => {
      thread.held = undefined;
      if (isWork) this.#workTimers--;
      this.#ready.push(thread);
    };
  }

  #addTimer(wait: Wait, deadlineMs: number): void {
    let low = 0;
    let high = this.#timers.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#timers[middle]?.deadlineMs ?? 0) > deadlineMs) low = middle + 1;
      else high = middle;
    }
    this.#timers.splice(low, 0, wait);
  }

  #fireTimers(): void {
    for (let next = this.#timers.at(-1); next !== undefined; next = this.#timers.at(-1)) {
      if (!next.isOver && (next.deadlineMs ?? 0) > this.#clock.nowMs) return;
      this.#timers.pop();
      next.wake(true);
    }
  }

  #jump(): boolean {
    const deadlineMs = this.nextDeadlineMs;
    if (deadlineMs === undefined || !this.#clock.mayJump) return false;
    this.#clock.nowMs = Math.max(this.#clock.nowMs, deadlineMs);
    this.#fireTimers();
    return true;
  }
}
