/**
 * What `inspect` shows of an NVMe driver.
 *
 * @module
 */
import type { InspectNode } from "../machine/mod.ts";
import type { AdminQueue } from "./admin_queue.ts";
import type { DriverContext } from "./driver_context.ts";
import type { IoQueues } from "./io_queues.ts";
import type { Namespaces } from "./namespaces.ts";
import type { QueuePair } from "./queue_pair.ts";

/** Parts of a driver that can be looked into. */
export interface DriverView {
  readonly admin: AdminQueue;
  readonly queues: IoQueues;
  readonly namespaces: Namespaces;
  readonly restored: boolean;
  readonly keepalive: boolean;
}

/** The driver's node of the tree. */
export function inspectDriver(context: DriverContext, view: DriverView): InspectNode {
  const { admin, queues, namespaces, restored, keepalive } = view;
  return {
    device_id: context.controller.pciId,
    restored,
    nvme_keepalive: keepalive,
    bounce_buffer: context.bounced,
    fused: context.fused,
    admin: inspectPair(context, admin.pair),
    io: queues.live.map(({ pair, cpu, iv, unmapped, waiting }) => ({
      ...inspectPair(context, pair),
      cpu,
      iv,
      unmapped,
      waiting: waiting.length,
    })),
    proto_io: queues.waiting.map(({ saved: { cpu, iv, queue_data } }) => ({
      qid: queue_data.qid,
      cpu,
      iv,
      base_pfn: `${queue_data.base_pfn}`,
    })),
    namespaces: namespaces.list().map(({ nsid, blocks }) => ({ nsid, blocks: `${blocks}` })),
  };
}

/** A queue pair; `misplaced` when the driver looks for completions where none are written. */
function inspectPair({ controller }: DriverContext, pair: QueuePair) {
  const { block, sqPfn, cqPfn } = pair.memory;
  const actual = controller.queues.get(pair.qid)?.cqPfn ?? null;
  return {
    qid: pair.qid,
    base_pfn: `${block.basePfn}`,
    pages: block.pages,
    sq_pfn: `${sqPfn}`,
    cq_pfn: `${cqPfn}`,
    misplaced: actual !== null && actual !== cqPfn,
    live_pages_in_allocator: pair.livePagesInAllocator(controller).map((pfn) => `${pfn}`),
    draining: pair.draining,
    pending: pair.pending.values().map(({ cid }) => cid),
  };
}
