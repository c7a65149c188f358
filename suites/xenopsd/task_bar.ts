/**
 * The progress of a task as a client shows it: a bar that says how much is done, from nothing but
 * the answers of `Task.stat`.
 *
 * Source: xen-api, doc/content/xenopsd/walkthroughs/VM.start.md: "use this to -- for example --
 * populate a progress bar in a UI".
 *
 * @module
 */
import type { Task } from "../../src/xenops_interface/mod.ts";
import { errorOf } from "./client.ts";

/** Marks in a full bar. */
const WIDTH = 20;

export class TaskBar {
  #filled = 0;

  /** The bar and how far the task is, in one line. A task that has failed stays where it was. */
  show(task: Task): string {
    const [kind, value] = task.state;
    if (kind === "Pending") this.#filled = Math.floor((value as number) * WIDTH);
    if (kind === "Completed") this.#filled = WIDTH;
    const bar = "#".repeat(this.#filled).padEnd(WIDTH, ".");
    return `[${bar}] ${wordsOf(task)}${task.cancellable ? "" : ", cannot be cancelled"}`;
  }
}

function wordsOf(task: Task): string {
  const { state } = task;
  if (state[0] === "Failed") return `failed: ${errorOf(task)}`;
  if (state[0] === "Completed") return `done in ${state[1].duration.toFixed(1)} s`;
  return `${Math.round(state[1] * 100)} %`;
}
