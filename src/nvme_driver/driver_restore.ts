/**
 * Takes over the queues of a device in operation: finds each one's memory among the attached
 * buffers and puts it into service, now or at the first I/O of its processor. Source:
 * microsoft/openvmm, nvme_driver driver.rs `restore`.
 *
 * @module
 */
import { ChainError, Panic, refusal, withContext } from "../machine/mod.ts";
import { type MemoryBlock, PAGE_SIZE } from "../memory/mod.ts";
import { CSTS } from "../nvme/mod.ts";
import type {
  IoQueueSavedState,
  NvmeDriverWorkerSavedState,
  QueuePairSavedState,
} from "../openhcl_state/mod.ts";
import { AdminQueue } from "./admin_queue.ts";
import { DrainBarrier } from "./drain.ts";
import type { DriverContext } from "./driver_context.ts";
import { QUEUE_STATE_US } from "./io_queue.ts";
import { IoQueues, type QueueLimits } from "./io_queues.ts";

/** Queues in service. */
export interface RestoredQueues {
  readonly admin: AdminQueue;
  readonly queues: IoQueues;
  readonly limits: QueueLimits;
}

/**
 * Restores all queues of `saved`; the I/O queues have to be started. Buffers that belong to none of
 * them are freed.
 */
export function restoreQueues(
  context: DriverContext,
  saved: NvmeDriverWorkerSavedState,
): RestoredQueues {
  const { points } = context.environment;
  assertReady(context);
  const blocks = points.around("nvme/restore/attach", () => attachBuffers(context));
  const { admin: savedAdmin, io, qsize, max_io_queues, allow_lazy_restore: _, ...rest } = saved;
  rest satisfies Record<string, never>;
  if (savedAdmin === null) throw new Panic(context.release.adminQueueMissing);
  const admin = points.around("nvme/restore/admin", () =>
    restoreAdmin(context, savedAdmin, take(blocks, savedAdmin)),
  );
  const limits = { qsize, maxIoQueues: max_io_queues };
  const queues = new IoQueues(context, admin, limits);
  const busy = io.filter((queue) => !isIdle(queue)).length;
  queues.drain = busy > 0 ? new DrainBarrier(busy) : null;
  queues.noteQid(1);
  for (const queue of inOrder(context, saved, io)) {
    points.around(`nvme/restore/io/${queue.queue_data.qid}`, () =>
      restoreOne(context, saved, queues, queue, blocks),
    );
  }
  for (const unclaimed of blocks) unclaimed.free();
  return { admin, queues, limits };
}

function assertReady({ registers: { csts } }: DriverContext): void {
  if ((csts & CSTS.RDY) !== 0) return;
  throw new ChainError(`device is not ready during restore, csts: 0x${csts.toString(16)}`);
}

function attachBuffers({ release, controller, client }: DriverContext): MemoryBlock[] {
  const device = release.namesDeviceInErrors ? ` for ${controller.pciId}` : "";
  return withContext(`failed to restore allocations${device}`, () => client.attachPendingBuffers());
}

/** The admin queue, at work. From 1.7 on it is looked at first. */
function restoreAdmin(
  context: DriverContext,
  saved: QueuePairSavedState,
  block: MemoryBlock,
): AdminQueue {
  const { release, fused, vfio } = context;
  let admin: AdminQueue | null = null;
  vfio.mapInterrupt(0, () => admin?.pair.run());
  admin = AdminQueue.restore(context, saved, block);
  if (fused && admin.pair.pending.size > 0) {
    throw new Panic("fused keepalive device restored with a non-empty admin queue");
  }
  if (release.knowsFusedDevices && admin.pair.hasCompletion) lookAtPhantom(context);
  admin.pair.start();
  return admin;
}

/** A completion that arrived while nobody looked: fatal on a fused device, else worth a line. */
function lookAtPhantom({ fused, controller, environment }: DriverContext): void {
  if (fused) throw new Panic("fused keepalive device restored with a phantom admin completion");
  environment.log.warn(
    `admin completion queue has a completion at its head after restore pci_id=${controller.pciId}`,
  );
}

function inOrder(
  { release }: DriverContext,
  saved: NvmeDriverWorkerSavedState,
  io: readonly IoQueueSavedState[],
): readonly IoQueueSavedState[] {
  const sorts = release.restoresByVector && !release.restoresLazily(saved);
  return sorts ? io.toSorted((left, right) => left.iv - right.iv) : io;
}

/**
 * An error of one queue only costs that queue: upstream collects with `flat_map`. A queue that no
 * processor owns yet cannot wait for one.
 */
function restoreOne(
  { release, environment }: DriverContext,
  worker: NvmeDriverWorkerSavedState,
  queues: IoQueues,
  saved: IoQueueSavedState,
  blocks: MemoryBlock[],
): void {
  const { qid } = saved.queue_data;
  const block = take(blocks, saved.queue_data);
  queues.noteQid(qid);
  const waits = qid !== 1 && isIdle(saved) && saved.unmapped !== true;
  if (waits && release.restoresLazily(worker)) {
    queues.postpone({ saved, block });
    return;
  }
  try {
    queues.adopt({ saved, block });
    environment.clock.advance(QUEUE_STATE_US);
  } catch (error) {
    environment.log.warn(`io queue ${qid} is not restored: ${refusal(error).message}`);
    block.free();
  }
}

function isIdle({ queue_data }: IoQueueSavedState): boolean {
  return queue_data.handler_data.pending_cmds.commands.length === 0;
}

/** The attached buffer of exactly this place and size. */
function take(blocks: MemoryBlock[], saved: QueuePairSavedState): MemoryBlock {
  const index = blocks.findIndex(
    ({ basePfn, pages }) =>
      basePfn === saved.base_pfn && BigInt(pages * PAGE_SIZE) === saved.mem_len,
  );
  const [block] = index < 0 ? [] : blocks.splice(index, 1);
  if (block === undefined) throw new Panic("unable to find restored mem block");
  return block;
}
