import assert from "node:assert/strict";
import { test } from "node:test";
import type { Task, TaskState } from "../../src/xenops_interface/mod.ts";
import { TaskBar } from "./task_bar.ts";

const taskOf = (state: TaskState, cancellable = true): Task => ({
  id: "7",
  dbg: "bar",
  ctime: 0,
  state,
  subtasks: [],
  debug_info: [],
  backtrace: "()",
  cancellable,
});

test("TaskBar.show() fills with the progress, and says how long it took", () => {
  const bar = new TaskBar();
  assert.equal(bar.show(taskOf(["Pending", 0])), "[....................] 0 %");
  assert.equal(bar.show(taskOf(["Pending", 0.55])), "[###########.........] 55 %");
  const done: TaskState = ["Completed", { duration: 3.21 }];
  assert.equal(bar.show(taskOf(done)), "[####################] done in 3.2 s");
});

test("TaskBar.show() stays where a task has failed, and names the error", () => {
  const bar = new TaskBar();
  bar.show(taskOf(["Pending", 0.5]));
  const failed: TaskState = ["Failed", ["Cancelled", "7"]];
  assert.equal(bar.show(taskOf(failed)), "[##########..........] failed: Cancelled");
});

test("TaskBar.show() says when a task cannot be cancelled any more", () => {
  const text = new TaskBar().show(taskOf(["Pending", 0.25], false));
  assert.equal(text, "[#####...............] 25 %, cannot be cancelled");
});
