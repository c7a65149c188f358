/**
 * Tells the device about a new I/O queue pair: the completion queue first, because the submission
 * queue refers to it. Source: microsoft/openvmm, nvme_driver driver.rs.
 *
 * @module
 */
import { ChainError, refusal } from "../machine/mod.ts";
import { PAGE_SIZE } from "../memory/mod.ts";
import type { AdminQueue } from "./admin_queue.ts";
import type { QueuePair } from "./queue_pair.ts";

/** CDW11 of both commands: the queue is physically contiguous. */
const PHYSICALLY_CONTIGUOUS = 1;

/** Creates both queues of `pair`, of `qsize` entries each. */
export function registerQueue(admin: AdminQueue, pair: QueuePair, qsize: number): void {
  const { cqPfn, sqPfn } = pair.memory;
  createQueue(admin, "COMPLETION", pair.qid, cqPfn, qsize);
  createQueue(admin, "SUBMISSION", pair.qid, sqPfn, qsize);
}

function createQueue(
  admin: AdminQueue,
  kind: "COMPLETION" | "SUBMISSION",
  qid: number,
  pfn: bigint,
  qsize: number,
): void {
  const cdw10 = ((qsize - 1) << 16) | qid;
  const dptr = pfn * BigInt(PAGE_SIZE);
  try {
    admin.issue(`CREATE_IO_${kind}_QUEUE`, { cdw10, cdw11: PHYSICALLY_CONTIGUOUS, dptr });
  } catch (error) {
    const text = `failed to create io ${kind.toLowerCase()} queue ${qid}`;
    throw new ChainError(text, refusal(error));
  }
}
