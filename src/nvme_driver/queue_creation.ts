/**
 * Tells the device about a new I/O queue pair: the completion queue first, because the submission
 * queue refers to it. When the second one fails, the first is deleted again. Source:
 * microsoft/openvmm, nvme_driver driver.rs `create_io_queue`.
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import { PAGE_SIZE } from "../memory/mod.ts";
import type { AdminQueue } from "./admin_queue.ts";
import type { DriverContext } from "./driver_context.ts";
import type { IoQueue } from "./io_queue.ts";

/** CDW11 of both commands: the queue is physically contiguous. */
const PHYSICALLY_CONTIGUOUS = 0x1;
/** CDW11 of a completion queue: it interrupts. */
const INTERRUPTS = 0x2;

/** Creates both queues of `queue`, of `qsize` entries each, and says how that went. */
export function registerQueue(
  { environment }: DriverContext,
  admin: AdminQueue,
  { pair, iv }: IoQueue,
  qsize: number,
  done: (error: ChainError | null) => void,
): void {
  const { qid, memory } = pair;
  const cdw10 = (((qsize - 1) << 16) | qid) >>> 0;
  const cq = {
    cdw10,
    cdw11: ((iv << 16) | INTERRUPTS | PHYSICALLY_CONTIGUOUS) >>> 0,
    prp1: memory.cq.pfn * PAGE_SIZE,
    prp2: 0,
  };
  const sq = {
    cdw10,
    cdw11: ((qid << 16) | PHYSICALLY_CONTIGUOUS) >>> 0,
    prp1: memory.sq.pfn * PAGE_SIZE,
    prp2: 0,
  };
  admin.send("CREATE_IO_COMPLETION_QUEUE", cq, ({ error }) => {
    if (error !== null) {
      done(new ChainError(`failed to create io completion queue ${qid}`, error));
      return;
    }
    admin.send("CREATE_IO_SUBMISSION_QUEUE", sq, ({ error: failed }) => {
      if (failed === null) {
        done(null);
        return;
      }
      const cause = new ChainError(`failed to create io submission queue ${qid}`, failed);
      const none = { prp1: 0, prp2: 0, cdw10: qid };
      admin.send("DELETE_IO_COMPLETION_QUEUE", none, ({ error: kept }) => {
        const text = "failed to delete completion queue in teardown path";
        if (kept !== null) environment.log.error(`${text}: ${kept.message}`);
        done(cause);
      });
    });
  });
}
