/**
 * A submission and a completion queue with their memory and pending commands, driver side: sends
 * what waits, takes what has come, and rings the doorbells when there is nothing left to do.
 * Source: microsoft/openvmm, nvme_driver queue_pair.rs `QueueHandler::run`.
 *
 * @module
 */
import { type ChainError, Panic, withContext } from "../machine/mod.ts";
import { type MemoryBlock, PAGE_SIZE } from "../memory/mod.ts";
import { adminCommand, type Command } from "../nvme/mod.ts";
import type { QueuePairSavedState } from "../openhcl_state/mod.ts";
import type { AerHandler } from "./aer.ts";
import type { DrainBarrier } from "./drain.ts";
import type { DriverContext } from "./driver_context.ts";
import { PageAllocator } from "./page_allocator.ts";
import { PendingCommands, type Respond } from "./pending_commands.ts";
import { blockPages, cutBlock, type QueueMemory } from "./queue_memory.ts";
import { CompletionQueue, SubmissionQueue } from "./rings.ts";

/** What a queue pair has besides its state: an event handler, queues to wait for. */
export interface QueueCompany {
  readonly aer?: AerHandler | null;
  readonly drain?: DrainBarrier | null;
}

interface WaitingCommand {
  readonly command: Command;
  readonly respond: Respond;
}

const EVENT_REQUEST = adminCommand("ASYNCHRONOUS_EVENT_REQUEST");

/** One queue pair. It does nothing until it is started, and nothing after its save. */
export class QueuePair {
  readonly qid: number;
  readonly memory: QueueMemory;
  readonly pending: PendingCommands;
  readonly pages: PageAllocator;
  /** Set by a fault: the error with which saving this queue fails. */
  saveError: ChainError | null = null;
  readonly #context: DriverContext;
  readonly #saved: QueuePairSavedState;
  readonly #sq: SubmissionQueue;
  readonly #cq: CompletionQueue;
  readonly #aer: AerHandler | null;
  readonly #drain: DrainBarrier | null;
  #draining: boolean;
  #waiting: WaitingCommand[] = [];
  #state: "new" | "idle" | "running" | "stopped" = "new";
  /** Somebody has called while it was at work. */
  #isWoken = false;

  private constructor(
    context: DriverContext,
    saved: QueuePairSavedState,
    block: MemoryBlock,
    { aer = null, drain = null }: QueueCompany,
  ) {
    const { qid, handler_data } = saved;
    const { sq_state, cq_state, pending_cmds } = handler_data;
    const memory = cutBlock(context.release.layout, block, context.bounced);
    this.#context = context;
    this.#saved = saved;
    this.qid = qid;
    this.memory = memory;
    this.pages = new PageAllocator(memory.data);
    this.pending = PendingCommands.restore(pending_cmds, sq_state.sqid);
    this.#sq = new SubmissionQueue(sq_state, context.memory, memory.sq);
    this.#cq = new CompletionQueue(cq_state, context.memory, memory.cq);
    this.#aer = aer;
    this.#drain = drain;
    this.#draining = drain !== null && this.pending.size > 0;
  }

  /** A new pair of `entries` each, in memory of its own. */
  static create(
    context: DriverContext,
    qid: number,
    entries: number,
    company: QueueCompany = {},
  ): QueuePair {
    const pages = blockPages(context.release.layout, context.bounced);
    const block = withContext("failed to allocate memory for queues", () =>
      context.client.allocate(pages),
    );
    return new QueuePair(context, emptyState(block, qid, entries), block, company);
  }

  /** The pair that was saved, cut out of `block` as this driver cuts. */
  static restore(
    context: DriverContext,
    saved: QueuePairSavedState,
    block: MemoryBlock,
    company: QueueCompany = {},
  ): QueuePair {
    return new QueuePair(context, saved, block, company);
  }

  /** Entries of the submission queue. */
  get entries(): number {
    return this.#saved.sq_entries;
  }

  /** True when no further command fits. */
  get full(): boolean {
    return this.#sq.full || this.pending.full;
  }

  /** True while commands of the last hop are in flight on this queue. */
  get draining(): boolean {
    return this.#draining;
  }

  /** Commands that have not been sent yet. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** True when there is a completion that nobody has taken. */
  get hasCompletion(): boolean {
    return this.#cq.hasNext;
  }

  /** Begins to work. */
  start(): void {
    this.#state = "idle";
    this.#drain?.wait(() => this.run());
    this.run();
  }

  /** Sends `command` as soon as it may go. */
  send(command: Command, respond: Respond): void {
    const free = this.#state === "idle" && this.#waiting.length === 0;
    if (free && this.#accepts && !this.full) this.#write(command, respond);
    else this.#waiting.push({ command, respond });
    this.run();
  }

  /** Does what there is to do; an interrupt calls it. */
  run(): void {
    this.#isWoken = true;
    if (this.#state !== "idle") return;
    this.#state = "running";
    const { registers } = this.#context;
    // A doorbell brings completions that were held back, and interrupts of other queues, which may
    // be the last to drain: all of them find this at work.
    while (this.#isWoken) {
      this.#isWoken = false;
      while (this.#sendNext() || this.#takeNext());
      if (this.#accepts) this.#sq.commit(registers);
      this.#cq.commit(registers);
    }
    this.#state = "idle";
  }

  /** The pair as saved state, and the end of its work; `aer` only in releases that save it. */
  save(): QueuePairSavedState {
    if (this.saveError !== null) throw this.saveError;
    this.#state = "stopped";
    const { mem_len, base_pfn, qid, sq_entries, cq_entries } = this.#saved;
    const handler_data = {
      sq_state: this.#sq.save(),
      cq_state: this.#cq.save(),
      pending_cmds: this.pending.save(),
    };
    const savesAer = this.#context.release.asynchronousEvents === "queue";
    const aer_handler = this.#aer?.save() ?? null;
    const handler = savesAer ? { ...handler_data, aer_handler } : handler_data;
    return { mem_len, base_pfn, qid, sq_entries, cq_entries, handler_data: handler };
  }

  /** The end of its work; what is in flight is nobody's any more. */
  stop(): void {
    this.#state = "stopped";
  }

  /** True when no queue keeps new commands back. */
  get #accepts(): boolean {
    return this.#drain === null || this.#drain.complete;
  }

  /** Sends one command, an event request before all others. False when none may go. */
  #sendNext(): boolean {
    if (!this.#accepts || this.full) return false;
    if (this.#aer?.wantsRequest === true) {
      this.#aer.await(this.#write(EVENT_REQUEST, null));
      return true;
    }
    const next = this.#waiting.length === 0 ? undefined : this.#waiting.shift();
    if (next === undefined) return false;
    this.#write(next.command, next.respond);
    return true;
  }

  #write(command: Command, respond: Respond | null): number {
    const cid = this.pending.insert(command, respond);
    this.#sq.write(command, cid);
    return cid;
  }

  /** Takes one completion. False when none has come, or nothing is waited for. */
  #takeNext(): boolean {
    if (this.pending.size === 0) return false;
    const completion = this.#cq.read();
    if (completion === null) return false;
    if (completion.sqid !== this.#sq.sqid) throw new Panic("assertion `left == right` failed");
    const { respond } = this.pending.remove(completion.cid);
    if (this.#draining && this.pending.size === 0) {
      this.#draining = false;
      this.#drain?.arrive();
    }
    this.#sq.updateHead(completion.sqhd);
    this.#aer?.complete(completion);
    respond?.(completion);
    return true;
  }
}

function emptyState(block: MemoryBlock, qid: number, entries: number): QueuePairSavedState {
  return {
    mem_len: BigInt(block.pages * PAGE_SIZE),
    base_pfn: block.basePfn,
    qid,
    sq_entries: entries,
    cq_entries: entries,
    handler_data: {
      sq_state: SubmissionQueue.empty(qid, entries),
      cq_state: CompletionQueue.empty(qid, entries),
      pending_cmds: { commands: [], next_cid_high_bits: 0, cid_key_bits: 0 },
    },
  };
}
