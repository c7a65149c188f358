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

/** Called with what went wrong, or with null. */
type Done = (error: ChainError | null) => void;

/** One creation under way. */
export class QueueCreation {
  readonly #context: DriverContext;
  readonly #admin: AdminQueue;
  readonly #queue: IoQueue;
  readonly #done: Done;
  #dropped = false;

  constructor(context: DriverContext, admin: AdminQueue, queue: IoQueue, done: Done) {
    this.#context = context;
    this.#admin = admin;
    this.#queue = queue;
    this.#done = done;
  }

  /** Sends the first command. */
  start(): void {
    const { pair, iv } = this.#queue;
    const { qid, memory } = pair;
    const cdw11 = ((iv << 16) | INTERRUPTS | PHYSICALLY_CONTIGUOUS) >>> 0;
    const fields = { ...this.#shape, cdw11, prp1: memory.cq.pfn * PAGE_SIZE };
    this.#admin.send("CREATE_IO_COMPLETION_QUEUE", fields, ({ error }) => {
      if (this.#dropped) return;
      if (error === null) this.#createSubmissionQueue();
      else this.#done(new ChainError(`failed to create io completion queue ${qid}`, error));
    });
  }

  /** Nobody waits any more: what the device still answers is not heard. */
  drop(): void {
    this.#dropped = true;
  }

  /** What both commands have in common. */
  get #shape() {
    const { qid, entries } = this.#queue.pair;
    return { cdw10: (((entries - 1) << 16) | qid) >>> 0, prp2: 0 };
  }

  #createSubmissionQueue(): void {
    const { qid, memory } = this.#queue.pair;
    const cdw11 = ((qid << 16) | PHYSICALLY_CONTIGUOUS) >>> 0;
    const fields = { ...this.#shape, cdw11, prp1: memory.sq.pfn * PAGE_SIZE };
    this.#admin.send("CREATE_IO_SUBMISSION_QUEUE", fields, ({ error }) => {
      if (this.#dropped) return;
      if (error === null) this.#done(null);
      else this.#tearDown(new ChainError(`failed to create io submission queue ${qid}`, error));
    });
  }

  #tearDown(cause: ChainError): void {
    const fields = { prp1: 0, prp2: 0, cdw10: this.#queue.pair.qid };
    this.#admin.send("DELETE_IO_COMPLETION_QUEUE", fields, ({ error }) => {
      if (this.#dropped) return;
      const text = "failed to delete completion queue in teardown path";
      if (error !== null) this.#context.environment.log.error(`${text}: ${error.message}`);
      this.#done(cause);
    });
  }
}
