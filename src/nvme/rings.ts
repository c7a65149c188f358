/**
 * Both rings of a queue pair, host side. Source: microsoft/openvmm, nvme_driver queues.rs; NVM
 * Express Base Specification 2.0c, 3.3.1. Restored values are taken as they come: upstream checks
 * them neither against memory nor against each other.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import type { CompletionQueueSavedState, SubmissionQueueSavedState } from "../openhcl_state/mod.ts";

/** Commands on their way to the controller. */
export class SubmissionQueue {
  readonly sqid: number;
  readonly len: number;
  #head: number;
  #tail: number;
  #committedTail: number;

  private constructor(saved: SubmissionQueueSavedState) {
    const { sqid, head, tail, committed_tail, len, ...rest } = saved;
    rest satisfies Record<string, never>;
    this.sqid = sqid;
    this.len = len;
    this.#head = head;
    this.#tail = tail;
    this.#committedTail = committed_tail;
  }

  static create(sqid: number, len: number): SubmissionQueue {
    return new SubmissionQueue({ sqid, head: 0, tail: 0, committed_tail: 0, len });
  }

  static restore(saved: SubmissionQueueSavedState): SubmissionQueue {
    return new SubmissionQueue(saved);
  }

  /** Index of the next entry. */
  get tail(): number {
    return this.#tail;
  }

  /** One entry always stays empty. */
  get full(): boolean {
    return advance(this.#tail, this.len) === this.#head;
  }

  /** Moves the tail over an entry that has been written, and rings the doorbell. */
  commit(): void {
    this.#tail = advance(this.#tail, this.len);
    this.#committedTail = this.#tail;
  }

  /** Takes the head from a completion. */
  updateHead(head: number): void {
    if (head >= this.len) throw new Panic("assertion failed: head < self.len");
    this.#head = head;
  }

  save(): SubmissionQueueSavedState {
    return {
      sqid: this.sqid,
      head: this.#head,
      tail: this.#tail,
      committed_tail: this.#committedTail,
      len: this.len,
    };
  }
}

/** Completions on their way from the controller. */
export class CompletionQueue {
  readonly cqid: number;
  readonly len: number;
  #head: number;
  #committedHead: number;
  #phase: boolean;

  private constructor(saved: CompletionQueueSavedState) {
    const { cqid, head, committed_head, len, phase, ...rest } = saved;
    rest satisfies Record<string, never>;
    this.cqid = cqid;
    this.len = len;
    this.#head = head;
    this.#committedHead = committed_head;
    this.#phase = phase;
  }

  static create(cqid: number, len: number): CompletionQueue {
    return new CompletionQueue({ cqid, head: 0, committed_head: 0, len, phase: true });
  }

  static restore(saved: CompletionQueueSavedState): CompletionQueue {
    return new CompletionQueue(saved);
  }

  /** Phase tag of the entry that comes next. */
  get phase(): boolean {
    return this.#phase;
  }

  /** Moves over an entry that has been read, and rings the doorbell. */
  consume(): void {
    this.#head += 1;
    if (this.#head === this.len) {
      this.#head = 0;
      this.#phase = !this.#phase;
    }
    this.#committedHead = this.#head;
  }

  save(): CompletionQueueSavedState {
    return {
      cqid: this.cqid,
      head: this.#head,
      committed_head: this.#committedHead,
      len: this.len,
      phase: this.#phase,
    };
  }
}

function advance(index: number, len: number): number {
  return index + 1 < len ? index + 1 : 0;
}
