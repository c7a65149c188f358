/**
 * A submission and a completion queue with their memory and pending commands, driver side.
 * Source: microsoft/openvmm, nvme_driver queue_pair.rs.
 *
 * @module
 */
import { type ChainError, Panic, withContext } from "../machine/mod.ts";
import { type DmaClient, type MemoryBlock, PAGE_SIZE } from "../memory/mod.ts";
import type { AerHandlerSavedState, QueuePairSavedState } from "../openhcl_state/mod.ts";
import type { Command } from "./command.ts";
import type { NvmeController } from "./controller.ts";
import type { Completion } from "./hardware.ts";
import { PendingCommands } from "./pending_commands.ts";
import {
  assertSqEntry,
  blockPages,
  cutBlock,
  type QueueLayout,
  type QueueMemory,
} from "./queue_memory.ts";
import { CompletionQueue, SubmissionQueue } from "./rings.ts";

/** How this driver cuts queue memory. */
export interface QueueShape {
  readonly layout: QueueLayout;
  /** True when all data is bounced. */
  readonly bounced: boolean;
}

interface QueueParts {
  readonly qid: number;
  readonly memory: QueueMemory;
  readonly sqEntries: number;
  readonly cqEntries: number;
  readonly sq: SubmissionQueue;
  readonly cq: CompletionQueue;
  readonly pending: PendingCommands;
}

/** One queue pair. */
export class QueuePair {
  readonly qid: number;
  readonly memory: QueueMemory;
  readonly pending: PendingCommands;
  /** True while commands of the last hop are in flight on this I/O queue. */
  draining: boolean;
  /** Set by a fault: the error with which saving this queue fails. */
  saveError: ChainError | null = null;
  readonly #sqEntries: number;
  readonly #cqEntries: number;
  readonly #sq: SubmissionQueue;
  readonly #cq: CompletionQueue;

  private constructor(parts: QueueParts) {
    this.qid = parts.qid;
    this.memory = parts.memory;
    this.pending = parts.pending;
    this.draining = parts.qid !== 0 && parts.pending.size > 0;
    this.#sqEntries = parts.sqEntries;
    this.#cqEntries = parts.cqEntries;
    this.#sq = parts.sq;
    this.#cq = parts.cq;
  }

  /** A new pair of `entries` each, in memory from `client`. */
  static create(shape: QueueShape, qid: number, entries: number, client: DmaClient): QueuePair {
    const pages = blockPages(shape.layout, shape.bounced);
    const block = withContext("failed to allocate memory for queues", () => client.allocate(pages));
    return new QueuePair({
      qid,
      memory: cutBlock(shape.layout, block, shape.bounced),
      sqEntries: entries,
      cqEntries: entries,
      sq: SubmissionQueue.create(qid, entries),
      cq: CompletionQueue.create(qid, entries),
      pending: new PendingCommands(qid),
    });
  }

  /** The pair that was saved, cut out of `block` as this driver cuts. */
  static restore(shape: QueueShape, saved: QueuePairSavedState, block: MemoryBlock): QueuePair {
    const { mem_len: _found, base_pfn: _by, qid, sq_entries, cq_entries, ...others } = saved;
    const { handler_data, ...rest } = others;
    rest satisfies Record<string, never>;
    const { sq_state, cq_state, pending_cmds, aer_handler: _ofAdmin, ...none } = handler_data;
    none satisfies Record<string, never>;
    return new QueuePair({
      qid,
      memory: cutBlock(shape.layout, block, shape.bounced),
      sqEntries: sq_entries,
      cqEntries: cq_entries,
      sq: SubmissionQueue.restore(sq_state),
      cq: CompletionQueue.restore(cq_state),
      pending: PendingCommands.restore(pending_cmds, sq_state.sqid),
    });
  }

  /** True when no further command fits. */
  get full(): boolean {
    return this.#sq.full || this.pending.full;
  }

  /** Sends `command` and returns its identifier. */
  submit(controller: NvmeController, command: Command): number {
    const cid = this.pending.insert(command);
    assertSqEntry(this.memory, this.#sq.tail);
    this.#sq.commit();
    controller.submit(this.qid, cid, command);
    return cid;
  }

  /** Takes the completions that stand where this driver looks for them. */
  poll(controller: NvmeController): Completion[] {
    const taken: Completion[] = [];
    const queue = controller.queues.get(this.qid);
    if (queue === undefined) return taken;
    if (queue.cqPfn !== this.memory.cqPfn) return this.#misread();
    while (this.pending.size > 0) {
      const completion = queue.posted.shift();
      if (completion === undefined) break;
      this.#take(completion);
      taken.push(completion);
    }
    if (this.pending.size === 0) this.draining = false;
    return taken;
  }

  /** Pages of this driver's own allocator that the controller still uses as queues. */
  livePagesInAllocator(controller: NvmeController): bigint[] {
    const queue = controller.queues.get(this.qid);
    const { dataPfn, dataPages } = this.memory;
    const pfns = queue === undefined ? [] : [queue.cqPfn];
    return pfns.filter((pfn) => pfn >= dataPfn && pfn < dataPfn + BigInt(dataPages));
  }

  /** The pair as saved state; `aer` is undefined in releases that do not save it. */
  save(aer: AerHandlerSavedState | null | undefined): QueuePairSavedState {
    if (this.saveError !== null) throw this.saveError;
    const { block } = this.memory;
    return {
      mem_len: BigInt(block.pages * PAGE_SIZE),
      base_pfn: block.basePfn,
      qid: this.qid,
      sq_entries: this.#sqEntries,
      cq_entries: this.#cqEntries,
      handler_data: {
        sq_state: this.#sq.save(),
        cq_state: this.#cq.save(),
        pending_cmds: this.pending.save(),
        ...(aer === undefined ? {} : { aer_handler: aer }),
      },
    };
  }

  #take({ cid, sqhd }: Completion): void {
    this.pending.remove(cid);
    this.#cq.consume();
    this.#sq.updateHead(sqhd);
  }

  /**
   * Reads a completion queue that the controller does not write. Its memory is zero: nothing has
   * arrived as long as the expected phase tag is 1; after a wrap, zeros look like a completion.
   */
  #misread(): Completion[] {
    const taken: Completion[] = [];
    while (this.pending.size > 0 && !this.#cq.phase) {
      if (this.qid !== 0) throw new Panic("assertion `left == right` failed");
      const completion: Completion = { cid: 0, status: 0, dw0: 0, sqhd: 0 };
      this.#take(completion);
      taken.push(completion);
    }
    return taken;
  }
}
