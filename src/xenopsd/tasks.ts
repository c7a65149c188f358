/**
 * All tasks of one process. They are in memory only: ids begin at 0 with every process.
 *
 * Source: xen-api e2ee48d688, ocaml/xapi-idl/lib/task_server.ml.
 *
 * @module
 */
import {
  ERROR,
  errorOf,
  type RpcValue,
  type TaskState,
  XenopsError,
} from "../xenops_interface/mod.ts";
import { type Observer, tell } from "./observer.ts";
import type { Run } from "./step_point.ts";
import { Task } from "./task.ts";
import type { Updates } from "./updates.ts";
import type { VirtualClock } from "./virtual_clock.ts";

export class Tasks {
  readonly #clock: VirtualClock;
  readonly #updates: Updates;
  readonly #observers: readonly Observer[];
  readonly #known = new Map<string, Task>();
  readonly #triggers = new Map<string, number>();
  #next = 0;

  constructor(clock: VirtualClock, updates: Updates, observers: readonly Observer[]) {
    this.#clock = clock;
    this.#updates = updates;
    this.#observers = observers;
  }

  add(dbg: string): Task {
    const cancelAt = this.#triggers.get(dbg);
    this.#triggers.delete(dbg);
    const task = new Task(`${this.#next++}`, dbg, this.#clock.nowMs, cancelAt);
    this.#known.set(task.id, task);
    tell(this.#observers, "onTask", task, "added");
    return task;
  }

  /** The next task with exactly this debugging text is cancelled at its nth cancel point. */
  setCancelTrigger(dbg: string, cancelPoint: number): void {
    this.#triggers.set(dbg, cancelPoint);
  }

  find(id: string): Task {
    const task = this.#known.get(id);
    if (task === undefined) throw new XenopsError("Does_not_exist", ["task", id]);
    return task;
  }

  get count(): number {
    return this.#known.size;
  }

  list(): readonly Task[] {
    return [...this.#known.values()];
  }

  /** Runs the body to its end, which becomes the state; it does not tell clients about it. */
  *run(task: Task, body: Run<RpcValue | undefined>): Run<void> {
    const startMs = this.#clock.nowMs;
    tell(this.#observers, "onTask", task, "started");
    let state: TaskState;
    try {
      const result = yield* body;
      const duration = (this.#clock.nowMs - startMs) / 1000;
      state = ["Completed", { duration, result }];
    } catch (error) {
      state = ["Failed", ERROR.encode(errorOf(error))];
    }
    task.state = state;
    tell(this.#observers, "onTask", task, "state");
  }

  /** Tells clients that it has ended. */
  finish(task: Task): void {
    if (task.isKnown) this.#updates.add(["Task", task.id]);
    if (task.destroyOnFinish) this.destroy(task);
    task.announceEnd();
  }

  progress(task: Task, fraction: number): void {
    task.state = ["Pending", fraction];
    tell(this.#observers, "onTask", task, "progress");
    if (task.isKnown) this.#updates.add(["Task", task.id]);
  }

  /** A task that cannot be cancelled, or has ended, ignores it. */
  cancel(task: Task): void {
    if (!task.cancellable || task.isFinished) return;
    task.cancelling = true;
    tell(this.#observers, "onTask", task, "cancelling");
    task.runCallbacks();
  }

  /** From here on, to cancel would destroy the VM. */
  prohibitCancellation(task: Task): void {
    task.checkCancelling();
    task.cancellable = false;
    tell(this.#observers, "onTask", task, "cancellable");
    if (task.isKnown) this.#updates.add(["Task", task.id]);
  }

  /** Only the id is forgotten: work goes on. */
  destroy(task: Task): void {
    if (!this.#known.delete(task.id)) return;
    task.isKnown = false;
    this.#updates.remove(["Task", task.id]);
    tell(this.#observers, "onTask", task, "destroyed");
  }

  destroyOnFinish(task: Task): void {
    if (task.isFinished) this.destroy(task);
    else task.destroyOnFinish = true;
  }

  /** Its work is nobody's to see: as for what runs inside of another task. */
  hide(task: Task): void {
    this.#known.delete(task.id);
    task.isKnown = false;
  }
}
