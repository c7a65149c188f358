/**
 * I5, I6, I24 and part of I25: how tasks go on and end.
 *
 * @module
 */
import { XenopsError } from "../xenops_interface/mod.ts";
import type { Task } from "../xenopsd/mod.ts";
import type { Report, Rules, Subject } from "./rules.ts";

export function taskRules(_: Subject, report: Report): Rules {
  const open = new Set<Task>();
  const ended = new WeakSet<Task>();
  const progress = new WeakMap<Task, number>();
  const uncancellable = new WeakSet<Task>();
  const known = new WeakSet<Task>();
  const goOn = (task: Task) => {
    if (ended.has(task)) report("I5", `task ${task.id} goes on after its end`);
    const now = task.state[0] === "Pending" ? task.state[1] : Number.NaN;
    const last = progress.get(task) ?? 0;
    if (!(now >= last && now <= 1)) {
      report("I6", `the progress of task ${task.id} goes from ${last} to ${now}`);
    }
    progress.set(task, now);
  };
  const end = (task: Task) => {
    if (ended.has(task)) report("I5", `task ${task.id} ends twice`);
    ended.add(task);
    open.delete(task);
    const [kind] = task.state;
    if (kind === "Pending") report("I5", `task ${task.id} ends ${kind}`);
    if (isCancelled(task) && uncancellable.has(task)) {
      report("I24", `task ${task.id} is cancelled, and could not be cancelled any more`);
    }
  };
  return {
    onTask(task, change) {
      if (change === "added") {
        open.add(task);
        known.add(task);
      }
      if (change === "progress") goOn(task);
      else if (change === "state") end(task);
      else if (change === "cancellable") uncancellable.add(task);
    },
    onAtom(change, task, _atom, error) {
      // What runs inside of another task, with one of its own that nobody knows, is a cleanup.
      if (change !== "failed" || known.has(task)) return;
      if (error instanceof XenopsError && error.tag === "Cancelled") {
        report("I25", `a cleanup in task ${task.id} is cancelled itself`);
      }
    },
    onQueue(change, _pool, _tag, item) {
      if (change === "drop" && item !== undefined) open.delete(item.task);
    },
    onQuiet() {
      for (const task of open) report("I5", `task ${task.id} never ends`);
      open.clear();
    },
    onCrash() {
      open.clear();
    },
  };
}

export function isCancelled({ state }: Task): boolean {
  return state[0] === "Failed" && Array.isArray(state[1]) && state[1][0] === "Cancelled";
}
