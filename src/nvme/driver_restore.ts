/**
 * Takes over the queues of a device in operation: finds each one's memory among the attached
 * buffers and puts it into service, now or at the first I/O of its processor. Source:
 * microsoft/openvmm, nvme_driver driver.rs `restore`; facts/openhcl/semantics.md.
 *
 * @module
 */
import { ChainError, Panic, refusal, withContext } from "../machine/mod.ts";
import { type MemoryBlock, PAGE_SIZE } from "../memory/mod.ts";
import type {
  IoQueueSavedState,
  NvmeDriverWorkerSavedState,
  QueuePairSavedState,
} from "../openhcl_state/mod.ts";
import { AdminQueue } from "./admin_queue.ts";
import { CSTS_RDY } from "./controller.ts";
import type { DriverContext } from "./driver_context.ts";
import { IoQueues, type QueueLimits } from "./io_queues.ts";

/** Queues in service. */
export interface RestoredQueues {
  readonly admin: AdminQueue;
  readonly queues: IoQueues;
  readonly limits: QueueLimits;
}

/** Restores all queues of `saved`. Buffers that belong to none of them are freed. */
export function restoreQueues(
  context: DriverContext,
  saved: NvmeDriverWorkerSavedState,
): RestoredQueues {
  const { controller, release, client } = context;
  if ((controller.csts & CSTS_RDY) === 0) {
    const csts = controller.csts.toString(16);
    throw new ChainError(`device is not ready during restore, csts: 0x${csts}`);
  }
  const device = release.namesDeviceInErrors ? ` for ${controller.pciId}` : "";
  const blocks = withContext(`failed to restore allocations${device}`, () =>
    client.attachPendingBuffers(),
  );
  const { admin: savedAdmin, io, qsize, max_io_queues, allow_lazy_restore: _, ...rest } = saved;
  rest satisfies Record<string, never>;
  if (savedAdmin === null) throw new Panic(release.adminQueueMissing);
  const admin = AdminQueue.restore(context, savedAdmin, take(blocks, savedAdmin));
  const limits = { qsize, maxIoQueues: max_io_queues };
  const queues = new IoQueues(context, admin, limits);
  for (const queue of inOrder(context, saved, io))
    restoreOne(context, saved, queues, queue, blocks);
  for (const unclaimed of blocks) unclaimed.free();
  return { admin, queues, limits };
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
  const { qid, handler_data } = saved.queue_data;
  const block = take(blocks, saved.queue_data);
  const idle = qid !== 1 && handler_data.pending_cmds.commands.length === 0;
  queues.noteQid(qid);
  if (idle && saved.unmapped !== true && release.restoresLazily(worker)) {
    queues.postpone({ saved, block });
    return;
  }
  try {
    queues.adopt(saved, { block });
  } catch (error) {
    environment.log.warn(`io queue ${qid} is not restored: ${refusal(error).message}`);
    block.free();
  }
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
