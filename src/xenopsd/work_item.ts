/** One entry of a queue: what is to be done, and the task that tells how far it is. */
import type { Operation } from "./operation.ts";
import type { Task } from "./task.ts";

export type PoolName = "default" | "parallel" | "nested" | "receive";

export interface WorkItem {
  readonly op: Operation;
  readonly task: Task;
  /** The tag under which it was queued, before aliases. */
  readonly tag: string;
  /** The operation that it is a part of. */
  readonly under?: string;
}
