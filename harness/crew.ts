/**
 * Workers that share a run: each runs stretches of the plan, and their results come out in the
 * order of the plan, so a report does not depend on how many there were.
 *
 * @module
 */
import { Worker } from "node:worker_threads";
import type { Stretch } from "./run.ts";

/** Conditions of one stretch: enough to outweigh a message, few enough to end together. */
const STRETCH_LENGTH = 48;
/** Stretches that each worker may be ahead of what was taken; bounds the memory. */
const AHEAD_MAX = 4;

/** What a worker is asked: the conditions from number `from` on, before number `to`. */
export interface Ask {
  readonly from: number;
  readonly to: number;
}

/** A stretch, or what broke. */
export type Answer =
  | { readonly from: number; readonly stretch: Stretch }
  | { readonly broken: string };

export class Crew {
  readonly #workers: readonly Worker[];
  /** Workers without work. */
  readonly #idle: Worker[] = [];
  /** Stretches that came before their turn, by the number of their first condition. */
  readonly #early = new Map<number, Stretch>();
  readonly #planned: number;
  /** First condition that nobody was asked for, and that was not taken. */
  #asked: number;
  #taken: number;
  #stopped = false;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  /** Starts `size` workers at `module`, which get `task`; they run conditions from `from` on. */
  constructor(module: URL, task: unknown, size: number, from: number, planned: number) {
    this.#planned = planned;
    this.#asked = from;
    this.#taken = from;
    this.#workers = Array.from({ length: size }, () => new Worker(module, { workerData: task }));
    for (const worker of this.#workers) {
      worker.on("message", (answer: Answer) => this.#hear(worker, answer));
      worker.on("error", (error) => this.#fail(error as Error));
      this.#idle.push(worker);
    }
  }

  /** No new stretch is begun; those that were begun are finished. */
  stop(): void {
    this.#stopped = true;
    this.#wake();
  }

  /** The stretches in the order of the plan. */
  async *stretches(): AsyncGenerator<Stretch> {
    try {
      for (;;) {
        this.#ask();
        if (this.#failure !== undefined) throw this.#failure;
        const next = this.#early.get(this.#taken);
        if (next !== undefined) {
          this.#early.delete(this.#taken);
          this.#taken = this.#endOf(this.#taken);
          yield next;
        } else if (this.#taken >= this.#asked) {
          return;
        } else {
          await new Promise<void>((resolve) => {
            this.#wake = resolve;
          });
        }
      }
    } finally {
      await Promise.all(this.#workers.map((worker) => worker.terminate()));
    }
  }

  #ask(): void {
    const furthest = this.#taken + STRETCH_LENGTH * AHEAD_MAX * this.#workers.length;
    while (!this.#stopped && this.#asked < Math.min(this.#planned, furthest)) {
      const worker = this.#idle.pop();
      if (worker === undefined) return;
      const from = this.#asked;
      this.#asked = this.#endOf(from);
      worker.postMessage({ from, to: this.#asked } satisfies Ask);
    }
  }

  #endOf(from: number): number {
    return Math.min(from + STRETCH_LENGTH, this.#planned);
  }

  #hear(worker: Worker, answer: Answer): void {
    if ("broken" in answer) {
      this.#fail(new Error(answer.broken));
      return;
    }
    this.#early.set(answer.from, answer.stretch);
    this.#idle.push(worker);
    this.#ask();
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#wake();
  }
}
