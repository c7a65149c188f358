/**
 * One task: what it does is elsewhere; here is how far it is and whether it may be cancelled.
 *
 * Source: xen-api e2ee48d688, ocaml/xapi-idl/lib/task_server.ml.
 *
 * @module
 */
import { type TaskState, XenopsError } from "../xenops_interface/mod.ts";
import type { Run } from "./step_point.ts";
import { Wait } from "./wait.ts";

export class Task {
  readonly id: string;
  readonly dbg: string;
  readonly ctimeMs: number;
  state: TaskState = ["Pending", 0];
  readonly subtasks: [string, TaskState][] = [];
  cancellable = true;
  cancelling = false;
  cancelPointsSeen = 0;
  /** Cancelled at this cancel point. */
  readonly cancelAt: number | undefined;
  destroyOnFinish = false;
  /** Clients can see it; a destroyed task may still be at work. */
  isKnown = true;
  readonly callbacks: (() => void)[] = [];
  #finished: Wait[] = [];

  constructor(id: string, dbg: string, ctimeMs: number, cancelAt?: number) {
    this.id = id;
    this.dbg = dbg;
    this.ctimeMs = ctimeMs;
    this.cancelAt = cancelAt;
  }

  get isFinished(): boolean {
    return this.state[0] !== "Pending";
  }

  /** A cancel point: counted first, so that a trigger for the nth one strikes there. */
  checkCancelling(): void {
    this.cancelPointsSeen++;
    if (!this.cancellable) return;
    if (this.cancelPointsSeen === this.cancelAt) this.cancelling = true;
    if (this.cancelling) throw new XenopsError("Cancelled", this.id);
  }

  /** Runs `run`; who cancels meanwhile calls `callback`, which makes it end. */
  *withCancel<T>(callback: () => void, run: Run<T>): Run<T> {
    if (this.cancelling) {
      attempt(callback);
      this.checkCancelling();
    }
    this.checkCancelling();
    this.callbacks.push(callback);
    try {
      this.checkCancelling();
      return yield* run;
    } finally {
      this.callbacks.splice(this.callbacks.indexOf(callback), 1);
    }
  }

  runCallbacks(): void {
    for (const callback of [...this.callbacks]) attempt(callback);
  }

  /** Waits for its end, or for a time. */
  *finished(deadlineMs?: number): Run<boolean> {
    if (this.isFinished) return true;
    const wait = new Wait(deadlineMs);
    this.#finished.push(wait);
    yield wait;
    return !wait.timedOut;
  }

  /** Wakes who waits for its end. */
  announceEnd(): void {
    for (const wait of this.#finished) wait.wake();
    this.#finished = [];
  }
}

/** What a callback throws is ignored: the others must be called, too. */
function attempt(callback: () => void): void {
  try {
    callback();
  } catch {
    // Nobody is there who could do anything about it.
  }
}
