/**
 * An I/O queue in service: created anew, or restored from what was saved of it. Source:
 * microsoft/openvmm, nvme_driver driver.rs `IoQueue`.
 *
 * @module
 */
import { withContext } from "../machine/mod.ts";
import type { MemoryBlock } from "../memory/mod.ts";
import type { IoQueueSavedState } from "../openhcl_state/mod.ts";
import type { DrainBarrier } from "./drain.ts";
import type { DriverContext } from "./driver_context.ts";
import { QueuePair } from "./queue_pair.ts";

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

/** A restored queue that waits, in its saved form, for the first I/O of its processor. */
export interface ProtoQueue {
  readonly saved: IoQueueSavedState;
  readonly block: MemoryBlock;
}

/** What a new queue is to be. */
export interface NewQueue {
  readonly qid: number;
  readonly cpu: number;
  readonly unmapped: boolean;
  /** Entries of both its rings. */
  readonly entries: number;
}

/** A queue with memory and a vector, of which the device does not know yet. */
export function createIoQueue(
  context: DriverContext,
  { qid, cpu, unmapped, entries }: NewQueue,
  drain: DrainBarrier | null,
): IoQueue {
  const iv = qid - 1;
  let pair: QueuePair | null = null;
  context.vfio.mapInterrupt(iv, () => pair?.run());
  pair = withContext(`failed to create io queue pair ${qid}`, () =>
    QueuePair.create(context, qid, entries, { drain }),
  );
  return { pair, cpu, iv, unmapped };
}

/** The queue that was saved; it works once it is started. */
export function restoreIoQueue(
  context: DriverContext,
  { saved, block }: ProtoQueue,
  drain: DrainBarrier | null,
): IoQueue {
  const { cpu, iv, queue_data, unmapped = false, ...rest } = saved;
  rest satisfies Record<string, never>;
  let pair: QueuePair | null = null;
  context.vfio.mapInterrupt(iv, () => pair?.run());
  pair = QueuePair.restore(context, queue_data, block, { drain });
  return { pair, cpu, iv, unmapped: context.release.knowsFusedDevices && unmapped };
}
