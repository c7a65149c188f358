/**
 * Tasks: what a call that takes long answers with.
 *
 * Source: xen-api, `xenops_interface.ml`. The result of a task, and the error of one that failed,
 * are any values, embedded as they are.
 *
 * @module
 */
import { BOOL, FLOAT, RPC, STRING, type TypeOf } from "./codec.ts";
import { optional, record } from "./record.ts";
import { kv } from "./shapes.ts";
import { variant } from "./variant.ts";

export const TASK_STATE = variant("the state of a task", {
  /** Progress from 0 to 1. */
  Pending: FLOAT,
  Completed: record("a completion", { duration: FLOAT, result: optional(RPC) }),
  Failed: RPC,
});
export type TaskState = TypeOf<typeof TASK_STATE>;

export const TASK = record("a task", {
  id: STRING,
  dbg: STRING,
  ctime: FLOAT,
  state: TASK_STATE,
  subtasks: kv(TASK_STATE),
  debug_info: kv(STRING),
  /** An s-expression. */
  backtrace: STRING,
  cancellable: BOOL,
});
export type Task = TypeOf<typeof TASK>;
