/**
 * What somebody who watches the machine is told. Nothing is copied for it: who keeps what it was
 * given makes a copy.
 *
 * @module
 */
import type { Dom, DomChange, Storage, StorageChange } from "./dom.ts";
import type { Atomic } from "./operation.ts";
import type { Reply, UpdateChange } from "./reply.ts";
import type { StepKind } from "./scheduler.ts";
import type { StepPoint } from "./step_point.ts";
import type { Task } from "./task.ts";
import type { PoolName, WorkItem } from "./work_item.ts";

type TaskChange =
  | "added"
  | "started"
  | "progress"
  | "state"
  | "cancelling"
  | "cancellable"
  | "destroyed";
type QueueChange = "push" | "drop" | "pop" | "finish" | "alias" | "unalias";

export interface Observer {
  /** After every step of the scheduler. */
  onStep?(kind: StepKind): void;
  /** A thread stands at the point: the effect that follows has not been made. */
  onPoint?(point: StepPoint): void;
  /** Undefined is an absent file; a temporary one is called `.NAME.tmp`. */
  onFs?(path: readonly string[], before: unknown, after: unknown): void;
  onDom?(dom: Dom, change: DomChange): void;
  /** There is something else on the disk that suspend images go to. */
  onImage?(disk: string): void;
  onStorage?(storage: Storage, change: StorageChange): void;
  onTask?(task: Task, change: TaskChange): void;
  /** The key is as in `Vbd:VM/DEVICE`; of barriers, `ID:VM` or `ID`. */
  onUpdate?(change: UpdateChange, key: string, time: number): void;
  /** A getter is answered. */
  onReply?(from: number, reply: Reply, timedOut: boolean): void;
  /** `earlier` is the queued item for which this one is dropped. */
  onQueue?(
    change: QueueChange,
    pool: PoolName,
    tag: string,
    item?: WorkItem,
    earlier?: WorkItem,
  ): void;
  onAtom?(change: "begin" | "end" | "failed", task: Task, atom: Atomic, error?: unknown): void;
  onCrash?(): void;
}

/** Calls one method of all observers. */
export function tell<K extends keyof Observer>(
  observers: readonly Observer[],
  method: K,
  ...args: Parameters<NonNullable<Observer[K]>>
): void {
  for (const observer of observers) {
    (observer[method] as ((...args: unknown[]) => void) | undefined)?.(...args);
  }
}
