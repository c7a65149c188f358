/**
 * The controller's side of submission and completion queues. Source: NVM Express Base Specification
 * 2.0c, 3.3.1. Both lie in the machine's memory; what is here are their places and positions.
 *
 * @module
 */
import { type DeviceMemory, PAGE_SIZE } from "../memory/mod.ts";
import { COMPLETION_SIZE, type Completion, encodeCompletion } from "./completion.ts";

/** Place of a queue: its first page, whole pages in a row, and its entries. */
export interface QueuePlace {
  readonly pfn: number;
  readonly entries: number;
}

/** A submission queue. */
export interface SubmissionQueue extends QueuePlace {
  readonly sqid: number;
  readonly cqid: number;
  /** Next entry to be fetched, and the first that the host has not written. */
  head: number;
  tail: number;
}

/** A completion queue. */
export class CompletionQueue implements QueuePlace {
  readonly cqid: number;
  readonly pfn: number;
  readonly entries: number;
  /** Null when it does not interrupt. */
  readonly vector: number | null;
  /** First entry that the host has not taken, and the next to be written. */
  head = 0;
  tail = 0;
  phase = true;
  /** Completions for which there is no room, oldest first. */
  #heldBack: Completion[] = [];

  constructor(cqid: number, place: QueuePlace, vector: number | null) {
    this.cqid = cqid;
    this.pfn = place.pfn;
    this.entries = place.entries;
    this.vector = vector;
  }

  /** Completions that wait for the host to take others. */
  get heldBack(): readonly Completion[] {
    return this.#heldBack;
  }

  /** Writes `completion` behind the others, or holds it back. True when it was written. */
  post(memory: DeviceMemory, completion: Completion): boolean {
    if (this.#heldBack.length > 0 || this.#full) {
      this.#heldBack.push(completion);
      return false;
    }
    const at = this.tail * COMPLETION_SIZE;
    const page = memory.writable(this.pfn + Math.floor(at / PAGE_SIZE));
    encodeCompletion(completion, this.phase, page, at % PAGE_SIZE);
    this.tail += 1;
    if (this.tail === this.entries) {
      this.tail = 0;
      this.phase = !this.phase;
    }
    return true;
  }

  /** The host has taken entries up to `head`. True when there was room for others at last. */
  take(memory: DeviceMemory, head: number): boolean {
    this.head = head;
    const waiting = this.#heldBack;
    if (waiting.length === 0) return false;
    this.#heldBack = [];
    let written = false;
    for (const completion of waiting) written = this.post(memory, completion) || written;
    return written;
  }

  fork(): CompletionQueue {
    const copy = new CompletionQueue(this.cqid, this, this.vector);
    copy.head = this.head;
    copy.tail = this.tail;
    copy.phase = this.phase;
    copy.#heldBack = [...this.#heldBack];
    return copy;
  }

  /** One entry always stays empty: a full queue and an empty one would look the same. */
  get #full(): boolean {
    return (this.tail + 1) % this.entries === this.head;
  }
}
