/**
 * A controller with its driver as an observer sees it.
 *
 * @module
 */
import type { NvmeController } from "../nvme/mod.ts";
import type { NvmeDriver } from "./driver.ts";

/** One controller. */
export interface ControllerRecord {
  readonly pciId: string;
  /** Both kinds of reset together. */
  readonly resets: number;
  readonly adminOpcodes: readonly string[];
  readonly ioOpcodes: Readonly<Record<string, number>>;
  readonly restored: boolean;
  readonly namespaces: readonly { readonly nsid: number; readonly blocks: bigint }[];
  readonly ioQueues: readonly QueueRecord[];
  readonly outstandingCids: readonly number[];
  readonly working: boolean;
  readonly overtaking: number;
}

/** One I/O queue pair; not `live` while it waits for the first I/O of its processor. */
export interface QueueRecord {
  readonly qid: number;
  readonly cpu: number;
  readonly live: boolean;
  readonly basePfn: bigint;
  readonly pages: number;
}

/** The record of `controller`; without a driver only the hardware has something to say. */
export function recordOf(controller: NvmeController, driver: NvmeDriver | null): ControllerRecord {
  const { pciId, counters } = controller;
  return {
    pciId,
    resets: counters.controllerResets + counters.functionLevelResets,
    adminOpcodes: [...counters.adminOpcodes],
    ioOpcodes: counters.ioOpcodes,
    restored: driver?.restored ?? false,
    namespaces: driver?.namespaces.list().map(({ nsid, blocks }) => ({ nsid, blocks })) ?? [],
    ioQueues: driver === null ? [] : queuesOf(driver),
    outstandingCids: driver?.outstandingCids() ?? [],
    working: driver?.working ?? false,
    overtaking: counters.overtaking,
  };
}

function queuesOf({ queues }: NvmeDriver): QueueRecord[] {
  const live = queues.live.map(({ pair: { qid, memory }, cpu }) => ({
    qid,
    cpu,
    live: true,
    basePfn: memory.block.basePfn,
    pages: memory.block.pages,
  }));
  const waiting = queues.waiting.map(({ saved: { cpu, queue_data }, block }) => ({
    qid: queue_data.qid,
    cpu,
    live: false,
    basePfn: block.basePfn,
    pages: block.pages,
  }));
  return [...live, ...waiting].sort((left, right) => left.qid - right.qid);
}
