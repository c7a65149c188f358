/**
 * What one OpenHCL release does differently in its NVMe driver and manager. Everything that is
 * not named here is the same in all of them.
 *
 * @module
 */
import type { NvmeDriverWorkerSavedState } from "../openhcl_state/mod.ts";
import type { QueueLayout } from "./queue_memory.ts";

/** Behaviour of one release, as data and small functions. */
export interface NvmeRelease {
  readonly name: string;
  readonly layout: QueueLayout;
  /** False in 2411: it neither saves nor restores, and initialises every device anew. */
  readonly keepsDevices: boolean;
  /** True when namespaces are saved and handed out again without IDENTIFY. */
  readonly keepsNamespaces: boolean;
  /**
   * Who sends asynchronous event requests: `queue` is the admin queue's own handler, whose state
   * is saved; `task` sends one as an ordinary command whenever it starts.
   */
  readonly asynchronousEvents: "queue" | "task";
  /** A changed namespace makes the driver look at `changed` ones only, or at `all` it knows. */
  readonly rescans: "changed" | "all";
  /** Who waits for commands of the last hop: only their own `queue`, or `allQueues`. */
  readonly drains: "queue" | "allQueues";
  /** False when a queue that drains, or is full, does not hear a save. */
  readonly savesWhileDraining: boolean;
  /** What an I/O queue that cannot be saved does: it `fails` the save or is `dropped` from it. */
  readonly unsavedIoQueue: "fails" | "dropped";
  /** True when a namespace is looked at again as soon as it has been handed out. */
  readonly looksAgain: boolean;
  /** True when an inspect request makes the worker forget the queue that it is creating. */
  readonly inspectDropsCreation: boolean;
  /** Error when the device has no further I/O queue, given how many it has. */
  noMoreQueues(maxIoQueues: number): string;
  /** True when fused keepalive devices are known, and their unmapped queues saved. */
  readonly knowsFusedDevices: boolean;
  /** A device that is taken over is asked for its kind as a fresh one is (PRs 3438 and 3811). */
  readonly asksKindAtRestore: boolean;
  /** A fused device, whose admin queue is to be empty, is asked for events all the same. */
  readonly asksFusedForEvents: boolean;
  /** Value of `allow_lazy_restore` in saved state; undefined where the field does not exist. */
  readonly savedAllowLazyRestore: boolean | undefined;
  /** Panic for saved state without an admin queue. */
  readonly adminQueueMissing: string;
  /** Puts the device into the context of the error when its memory cannot be attached. */
  readonly namesDeviceInErrors: boolean;
  /** True when idle queues wait for the first I/O of their processor. */
  restoresLazily(worker: NvmeDriverWorkerSavedState): boolean;
  /** True when queues that are restored at once come in the order of interrupt vectors. */
  readonly restoresByVector: boolean;
  /** Identifier of the next I/O queue, from the count of live queues and the highest one seen. */
  nextQid(liveQueues: number, highestQid: number): number;
  /** Manager: what saved devices meet when keepalive is not enabled any more. */
  readonly keepaliveLost: "attaches" | "clears";
  /** Manager: what a cleared device's entry says about save and restore. */
  readonly clearedEntrySupportsSaveRestore: boolean;
  /** Manager: sets the reset method to none before it attaches to a live device. */
  readonly disablesResetBeforeRestore: boolean;
}
