/**
 * Both rings of a queue pair, host side: entries in memory, positions here, doorbells on the
 * device. Source: microsoft/openvmm, nvme_driver queues.rs; NVM Express Base Specification 2.0c,
 * 3.3.1. Restored values are taken as they come: upstream checks them neither against memory nor
 * against each other.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import { type GuestMemory, PAGE_SIZE } from "../memory/mod.ts";
import {
  COMMAND_SIZE,
  COMPLETION_SIZE,
  type Command,
  type Completion,
  decodeCompletion,
  encodeCommand,
  phaseAt,
} from "../nvme/mod.ts";
import type { CompletionQueueSavedState, SubmissionQueueSavedState } from "../openhcl_state/mod.ts";
import type { DeviceRegisters } from "./device_registers.ts";
import { assertEntry, type PageView } from "./queue_memory.ts";

/** Commands on their way to the controller. */
export class SubmissionQueue {
  readonly sqid: number;
  readonly len: number;
  readonly #memory: GuestMemory;
  readonly #view: PageView;
  #head: number;
  #tail: number;
  #committedTail: number;

  constructor(saved: SubmissionQueueSavedState, memory: GuestMemory, view: PageView) {
    const { sqid, head, tail, committed_tail, len, ...rest } = saved;
    rest satisfies Record<string, never>;
    this.sqid = sqid;
    this.len = len;
    this.#memory = memory;
    this.#view = view;
    this.#head = head;
    this.#tail = tail;
    this.#committedTail = committed_tail;
  }

  /** State of a ring that nobody has used. */
  static empty(sqid: number, len: number): SubmissionQueueSavedState {
    return { sqid, head: 0, tail: 0, committed_tail: 0, len };
  }

  /** One entry always stays empty. */
  get full(): boolean {
    return advance(this.#tail, this.len) === this.#head;
  }

  /** Writes the next entry. */
  write(command: Command, cid: number): void {
    assertEntry(this.#view, this.#tail, COMMAND_SIZE);
    const at = this.#tail * COMMAND_SIZE;
    const offset = at % PAGE_SIZE;
    const page = this.#memory.writable(this.#view.pfn + (at - offset) / PAGE_SIZE);
    encodeCommand(command, cid, page, offset);
    this.#tail = advance(this.#tail, this.len);
  }

  /** Rings the doorbell, if something was written since. */
  commit(registers: DeviceRegisters): void {
    if (this.#tail === this.#committedTail) return;
    this.#committedTail = this.#tail;
    registers.doorbell(this.sqid, "submission", this.#tail);
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
  readonly #memory: GuestMemory;
  readonly #view: PageView;
  #head: number;
  #committedHead: number;
  #phase: boolean;

  constructor(saved: CompletionQueueSavedState, memory: GuestMemory, view: PageView) {
    const { cqid, head, committed_head, len, phase, ...rest } = saved;
    rest satisfies Record<string, never>;
    this.cqid = cqid;
    this.len = len;
    this.#memory = memory;
    this.#view = view;
    this.#head = head;
    this.#committedHead = committed_head;
    this.#phase = phase;
  }

  /** State of a ring that nobody has used. */
  static empty(cqid: number, len: number): CompletionQueueSavedState {
    return { cqid, head: 0, committed_head: 0, len, phase: true };
  }

  /** True when there is a completion at the head: one with the phase tag of this pass. */
  get hasNext(): boolean {
    return phaseAt(this.#page(), this.#offset) === this.#phase;
  }

  /** Takes the completion at the head; null when none has come. */
  read(): Completion | null {
    const page = this.#page();
    const offset = this.#offset;
    if (phaseAt(page, offset) !== this.#phase) return null;
    this.#head += 1;
    if (this.#head === this.len) {
      this.#head = 0;
      this.#phase = !this.#phase;
    }
    return decodeCompletion(page, offset);
  }

  /** Rings the doorbell, if something was taken since. True when it did. */
  commit(registers: DeviceRegisters): boolean {
    if (this.#head === this.#committedHead) return false;
    this.#committedHead = this.#head;
    registers.doorbell(this.cqid, "completion", this.#head);
    return true;
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

  /** The page of the entry at the head. */
  #page(): Uint8Array {
    assertEntry(this.#view, this.#head, COMPLETION_SIZE);
    const pages = Math.floor((this.#head * COMPLETION_SIZE) / PAGE_SIZE);
    return this.#memory.readable(this.#view.pfn + pages);
  }

  /** Where in its page the entry at the head is. */
  get #offset(): number {
    return (this.#head * COMPLETION_SIZE) % PAGE_SIZE;
  }
}

function advance(index: number, len: number): number {
  return index + 1 < len ? index + 1 : 0;
}
