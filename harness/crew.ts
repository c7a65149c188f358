/**
 * Workers that share a run: each runs stretches of the plan, and their results come out in the
 * order of the plan, so a report does not depend on how many there were. Conditions travel by
 * their names, so that a worker needs no plan of its own.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import { DiskFull } from "./disk_full.ts";
import type { Planned } from "./plan.ts";
import type { Stretch } from "./run.ts";

/** Conditions of one stretch: enough to outweigh a message, few enough to end together. */
const STRETCH_LENGTH = 48;
/** Stretches that each worker may be ahead of what was taken; bounds the memory. */
const AHEAD_MAX = 4;

/** What a worker is asked: stretch `number` of the run, by the names of its conditions. */
export interface Ask {
  readonly number: number;
  readonly names: readonly string[];
  /** Their places in the plan, of a shard. */
  readonly places: readonly (number | undefined)[];
}

/** That a worker listens, a stretch, or what broke. */
export type Answer =
  | { readonly listens: true }
  | { readonly number: number; readonly stretch: Stretch }
  | { readonly broken: string; readonly isDiskFull?: true };

/** A stretch and its conditions. */
export interface Covered {
  readonly stretch: Stretch;
  readonly planned: readonly Planned[];
}

export class Crew {
  readonly #workers: readonly Worker[];
  readonly #conditions: Iterator<Planned>;
  /**
   * Workers without work that have said that they listen: what is sent to one before may be lost,
   * where a runtime delivers messages while a module is still waiting for others.
   */
  readonly #idle: Worker[] = [];
  /** Conditions of the stretches that were asked for and not taken, by number. */
  readonly #asked = new Map<number, readonly Planned[]>();
  /** Stretches that came before their turn. */
  readonly #early = new Map<number, Stretch>();
  /** The next stretch to ask for, and the next to take. */
  #next = 0;
  #turn = 0;
  #stopped = false;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  /** Starts `size` workers at `module`, which get `task` and run `conditions`. */
  constructor(module: URL, task: unknown, size: number, conditions: Iterable<Planned>) {
    this.#conditions = conditions[Symbol.iterator]();
    this.#workers = Array.from({ length: size }, () => new Worker(module, { workerData: task }));
    for (const worker of this.#workers) {
      worker.on("message", (answer: Answer) => this.#hear(worker, answer));
      worker.on("error", (error) => this.#fail(error as Error));
    }
  }

  /** No new stretch is begun; those that were begun are finished. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** The stretches in the order of the plan. */
  async *stretches(): AsyncGenerator<Covered> {
    try {
      for (;;) {
        this.#ask();
        if (this.#failure !== undefined) throw this.#failure;
        const planned = this.#asked.get(this.#turn);
        if (planned === undefined && this.#stopped) return;
        const stretch = this.#early.get(this.#turn);
        if (planned === undefined || stretch === undefined) {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
          continue;
        }
        this.#early.delete(this.#turn);
        this.#asked.delete(this.#turn);
        this.#turn++;
        yield { stretch, planned };
      }
    } finally {
      await Promise.all(this.#workers.map((worker) => worker.terminate()));
    }
  }

  #ask(): void {
    const furthest = this.#turn + AHEAD_MAX * this.#workers.length;
    while (!this.#stopped && this.#next < furthest && this.#idle.length > 0) {
      const planned = this.#take();
      if (planned.length === 0) {
        this.#stopped = true;
        return;
      }
      const number = this.#next++;
      this.#asked.set(number, planned);
      const names = planned.map(({ name }) => name);
      const places = planned.map(({ at }) => at);
      this.#idle.pop()?.postMessage({ number, names, places } satisfies Ask);
    }
  }

  /** The next conditions of the plan. */
  #take(): Planned[] {
    const planned: Planned[] = [];
    while (planned.length < STRETCH_LENGTH) {
      const { done, value } = this.#conditions.next();
      if (done) break;
      planned.push(value);
    }
    return planned;
  }

  #hear(worker: Worker, answer: Answer): void {
    if ("broken" in answer) {
      this.#fail(answer.isDiskFull ? new DiskFull(answer.broken) : new Error(answer.broken));
      return;
    }
    if ("stretch" in answer) this.#early.set(answer.number, answer.stretch);
    this.#idle.push(worker);
    this.#ask();
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }
}
