/**
 * The admin queue of a driver: commands with data of up to a page, waited for or answered by a
 * call. Source: microsoft/openvmm, nvme_driver queue_pair.rs `Issuer`.
 *
 * @module
 */
import type { ChainError } from "../machine/mod.ts";
import { type MemoryBlock, PAGE_SIZE } from "../memory/mod.ts";
import {
  type AdminOpcode,
  adminCommand,
  type CommandFields,
  type Completion,
} from "../nvme/mod.ts";
import type { QueuePairSavedState } from "../openhcl_state/mod.ts";
import { AerHandler, type EventTaker } from "./aer.ts";
import type { DriverContext } from "./driver_context.ts";
import { waitUntil } from "./patience.ts";
import { UNUSED_PRP } from "./prp.ts";
import { QueuePair } from "./queue_pair.ts";
import { nvmeError } from "./request_error.ts";

/** Identifier of the admin queue. */
const ADMIN_QID = 0;

/** What an admin command has come to. */
export interface AdminAnswer {
  readonly error: ChainError | null;
  readonly dw0: number;
  /** What the controller has written; empty for commands that ask for nothing. */
  readonly data: Uint8Array;
}

type Take = (answer: AdminAnswer) => void;

const NO_DATA = new Uint8Array(0);
const NO_POINTER = { prp1: UNUSED_PRP, prp2: UNUSED_PRP };

/** Admin queue pair and its event handler. */
export class AdminQueue {
  readonly pair: QueuePair;
  readonly #context: DriverContext;
  /** Null where the driver's own task asks for events, and on fused devices, which have none. */
  readonly #aer: AerHandler | null;
  /** Command that was sent last. */
  #sent: AdminOpcode = "IDENTIFY";

  private constructor(context: DriverContext, pair: QueuePair, aer: AerHandler | null) {
    this.#context = context;
    this.pair = pair;
    this.#aer = aer;
  }

  static create(context: DriverContext): AdminQueue {
    const { sqEntriesMax, cqEntriesMax } = context.release.layout;
    const aer = handlesEvents(context) ? new AerHandler() : null;
    const entries = Math.min(sqEntriesMax, cqEntriesMax);
    const pair = QueuePair.create(context, ADMIN_QID, entries, { aer });
    return new AdminQueue(context, pair, aer);
  }

  static restore(
    context: DriverContext,
    saved: QueuePairSavedState,
    block: MemoryBlock,
  ): AdminQueue {
    const state = saved.handler_data.aer_handler;
    const aer = handlesEvents(context) ? AerHandler.restore(state) : null;
    const pair = QueuePair.restore(context, saved, block, { aer });
    return new AdminQueue(context, pair, aer);
  }

  /** Sends a command without data; `fields` may bring a data pointer of their own. */
  send(opcode: AdminOpcode, fields: CommandFields, take: Take): void {
    this.#sent = opcode;
    this.pair.send(adminCommand(opcode, { ...NO_POINTER, ...fields }), (completion) => {
      take(answerOf(completion, NO_DATA));
    });
  }

  /** Sends a command that asks for a page of data. */
  ask(opcode: AdminOpcode, fields: CommandFields, take: Take): void {
    this.#sent = opcode;
    const { memory } = this.#context;
    this.pair.pages.alloc(1, (pfns) => {
      const address = (pfns[0] ?? 0) * PAGE_SIZE;
      const command = adminCommand(opcode, { ...fields, prp1: address, prp2: UNUSED_PRP });
      this.pair.send(command, (completion) => {
        const data = memory.read(address, PAGE_SIZE);
        this.pair.pages.free(pfns);
        take(answerOf(completion, data));
      });
    });
  }

  /** Sends a command, waits for its answer and throws its error. */
  issue(how: "send" | "ask", opcode: AdminOpcode, fields: CommandFields): AdminAnswer {
    let answer: AdminAnswer | null = null;
    this[how](opcode, fields, (given) => {
      answer = given;
    });
    this.waitUntil(() => answer !== null);
    const given = answer as AdminAnswer | null;
    if (given === null) throw new RangeError("Cannot take answer as there must be one");
    if (given.error !== null) throw given.error;
    return given;
  }

  /** Lets time pass until `done`, which some command has to bring about. */
  waitUntil(done: () => boolean): void {
    waitUntil(
      this.#context.environment.clock,
      done,
      () => `admin command ${this.#sent} never completes`,
    );
  }

  /** Gives the next asynchronous event to `taker`. */
  nextEvent(taker: EventTaker): void {
    this.#aer?.next(taker);
  }
}

function handlesEvents({ release, fused }: DriverContext): boolean {
  return release.asynchronousEvents === "queue" && (!fused || release.asksFusedForEvents);
}

function answerOf({ status, dw0 }: Completion, data: Uint8Array): AdminAnswer {
  return { error: status === 0 ? null : nvmeError(status), dw0, data };
}
