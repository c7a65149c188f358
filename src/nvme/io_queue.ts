/**
 * An I/O queue in service, and one that waits in its saved form.
 *
 * @module
 */
import type { MemoryBlock } from "../memory/mod.ts";
import type { IoQueueSavedState } from "../openhcl_state/mod.ts";
import type { Command } from "./command.ts";
import type { QueuePair } from "./queue_pair.ts";

/** A queue pair in service. */
export interface IoQueue {
  readonly pair: QueuePair;
  /** Processor whose commands it takes. */
  cpu: number;
  /** Interrupt vector. */
  readonly iv: number;
  /** True on a fused device until a processor takes it. */
  unmapped: boolean;
  /** Commands that came while earlier ones keep them back. */
  readonly waiting: Command[];
}

/** A restored queue that waits for the first I/O of its processor. */
export interface ProtoQueue {
  readonly saved: IoQueueSavedState;
  readonly block: MemoryBlock;
}
