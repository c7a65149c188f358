/**
 * Ends a wait that makes no progress. It never shortens a run that moves: a wait is given up
 * only after it alone has filled a whole period, so the result of a healthy run cannot depend
 * on the clock.
 *
 * @module
 */
import { HungError } from "./adapter.ts";

/** Time after which one answer of an adapter or scenario is overdue. */
export const DEADLINE_MS = 30_000;

export class Watchdog implements Disposable {
  readonly #deadlineMs: number;
  readonly #timer: ReturnType<typeof setInterval>;
  #giveUp: ((error: HungError) => void) | undefined;
  /** The wait that the last tick saw; the next tick ends it. */
  #seen: ((error: HungError) => void) | undefined;

  constructor(deadlineMs: number = DEADLINE_MS) {
    this.#deadlineMs = deadlineMs;
    this.#timer = setInterval(() => this.#tick(), deadlineMs);
  }

  /** Settles as `work` does, or rejects with {@linkcode HungError}. One wait at a time. */
  guard<T>(work: PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      this.#giveUp = reject;
      work.then(resolve, reject);
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }

  #tick(): void {
    if (this.#giveUp !== undefined && this.#giveUp === this.#seen) {
      this.#giveUp(new HungError(`no answer within ${this.#deadlineMs} ms`));
      this.#giveUp = undefined;
    }
    this.#seen = this.#giveUp;
  }
}
