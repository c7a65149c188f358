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
    admin: inspectPair(admin.pair),
    io: queues.live.map(({ pair, cpu, iv, unmapped }) => ({
      ...inspectPair(pair),
      cpu,
      iv,
      unmapped,
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

function inspectPair(pair: QueuePair) {
  const { block, sq, cq, data } = pair.memory;
  return {
    qid: pair.qid,
    base_pfn: `${block.basePfn}`,
    pages: block.pages,
    sq_pfn: sq.pfn,
    cq_pfn: cq.pfn,
    data_pfn: data.pfn,
    draining: pair.draining,
    waiting: pair.waiting,
    pending: pair.pending.values().map(({ cid }) => cid),
  };
}
