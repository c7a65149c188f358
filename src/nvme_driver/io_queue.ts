/**
 * An I/O queue in service, and one that waits in its saved form.
 *
 * @module
 */
import type { MemoryBlock } from "../memory/mod.ts";
import type { IoQueueSavedState } from "../openhcl_state/mod.ts";
import type { QueuePair } from "./queue_pair.ts";

/** Saving or restoring one queue pair, in microseconds. */
export const QUEUE_STATE_US = 5;

/** A queue pair in service. */
export interface IoQueue {
  readonly pair: QueuePair;
  /** Processor whose commands it takes. */
  cpu: number;
  /** Interrupt vector. */
  readonly iv: number;
  /** True on a fused device until a processor takes it. */
  unmapped: boolean;
}

/** A restored queue that waits for the first I/O of its processor. */
export interface ProtoQueue {
  readonly saved: IoQueueSavedState;
  readonly block: MemoryBlock;
}
