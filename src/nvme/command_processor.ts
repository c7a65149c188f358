/**
 * Fetches commands at a doorbell, executes each one when its service time is over, and posts its
 * completion. Source: NVM Express Base Specification 2.0c, 3.3.1 and 3.4.
 *
 * @module
 */
import { PAGE_SIZE } from "../memory/mod.ts";
import { executeAdmin, type Hardware } from "./admin_commands.ts";
import { EVENT } from "./asynchronous_events.ts";
import { COMMAND_SIZE, type Command, cidOf, decodeCommand } from "./command.ts";
import {
  COMPLETION_SIZE,
  type Completion,
  decodeCompletion,
  encodeCompletion,
} from "./completion.ts";
import type { ControllerState } from "./controller_state.ts";
import type { QueueFaultKind } from "./fault.ts";
import type { SubmissionQueue } from "./hardware_queue.ts";
import type { Flight } from "./in_flight.ts";
import { executeIo } from "./io_commands.ts";
import { partsOf, scatter } from "./prp.ts";
import { failure, type Reply, STATUS, SUCCESS } from "./status.ts";
import { serviceTimeUs } from "./timing.ts";

type Corruption = Extract<QueueFaultKind, { name: "corrupt" }>;

export class CommandProcessor implements Hardware {
  readonly state: ControllerState;

  constructor(state: ControllerState) {
    this.state = state;
  }

  /** The tail doorbell of a submission queue: commands up to `tail` are fetched. */
  submit(sqid: number, tail: number, nowUs: number): void {
    const queue = this.state.submissionQueues.get(sqid);
    if (queue === undefined || tail >= queue.entries) {
      this.#refuseDoorbell(queue);
      return;
    }
    queue.tail = tail;
    while (queue.head !== queue.tail) this.#fetch(queue, nowUs);
  }

  /** The head doorbell of a completion queue: there may be room for completions held back. */
  take(cqid: number, head: number): void {
    const { completionQueues, memory, interrupts } = this.state;
    const queue = completionQueues.get(cqid);
    if (queue === undefined || head >= queue.entries) {
      this.#refuseDoorbell(queue);
      return;
    }
    if (queue.take(memory, head) && queue.vector !== null) interrupts.raise(queue.vector);
  }

  /** Executes a command whose time has come. */
  execute(flight: Flight, nowUs: number): void {
    const { sqid, cid, command } = flight;
    if (flight.reply !== null) {
      this.#post(sqid, cid, flight.reply);
      return;
    }
    const reply = sqid === 0 ? executeAdmin(this, cid, command) : executeIo(this.state, command);
    this.state.logs.note(sqid, cid, command, reply?.status ?? STATUS.SUCCESS);
    if (reply !== null) this.#complete(flight, reply, nowUs);
    if (sqid === 0) this.postEvent();
  }

  /** Answers the oldest event request, if there is one and an event for it. */
  postEvent(): void {
    const event = this.state.events.next();
    if (event === null) return;
    this.#post(0, event.cid, { status: STATUS.SUCCESS, dw0: event.dw0 });
  }

  abort(sqid: number, cid: number): boolean {
    const { inFlight, events } = this.state;
    const aborted = inFlight.abort(sqid, cid) || (sqid === 0 && events.abort(cid));
    if (aborted) this.#post(sqid, cid, failure(STATUS.ABORT_REQUESTED));
    return aborted;
  }

  abortAll(sqid: number): void {
    for (const { cid } of this.state.inFlight.drop(sqid)) {
      this.#post(sqid, cid, failure(STATUS.SQ_DELETED));
    }
  }

  #fetch(queue: SubmissionQueue, nowUs: number): void {
    const { memory, counters, faults, inFlight } = this.state;
    const { sqid } = queue;
    const at = queue.head * COMMAND_SIZE;
    const offset = at % PAGE_SIZE;
    const page = memory.readable(queue.pfn + (at - offset) / PAGE_SIZE);
    queue.head = queue.head + 1 === queue.entries ? 0 : queue.head + 1;
    const cid = cidOf(page, offset);
    const command = decodeCommand(page, offset);
    counters.note(sqid, command.opcode);
    if (sqid !== 0 && inFlight.hasIoFrom(counters.hopUs)) counters.overtaking += 1;
    const serviceUs = serviceTimeUs(sqid, command.opcode);
    const fault = faults.strike("submission", sqid, command);
    const flight = { sqid, cid, command, serviceUs, reply: null, delayed: false };
    const struck =
      fault === null
        ? flight
        : this.#struckFlight(fault, flight, page.slice(offset, offset + COMMAND_SIZE));
    if (struck !== null) inFlight.add(struck, nowUs);
  }

  /** What becomes of a command that meets `fault` as it is fetched; `entry` is its own copy. */
  #struckFlight(fault: QueueFaultKind, flight: Flight, entry: Uint8Array): Flight | null {
    switch (fault.name) {
      case "die":
        this.state.faults.arm({ place: "registers", kind: { name: "removed" } });
        return null;
      case "drop":
        return null;
      case "delay":
        return delayed(flight, fault.by);
      case "corrupt":
        entry.set(fault.octets.subarray(0, COMMAND_SIZE - fault.at), fault.at);
        return { ...flight, cid: cidOf(entry), command: decodeCommand(entry) };
      case "fail":
        return { ...flight, reply: failure(fault.status) };
      case "payload":
        this.#give(flight.command, fault.octets);
        return { ...flight, reply: SUCCESS };
      default:
        return flight;
    }
  }

  /** Posts the completion of a command that has been executed, unless a fault strikes it. */
  #complete(flight: Flight, reply: Reply, nowUs: number): void {
    const { sqid, cid, command } = flight;
    const fault = this.state.faults.strike("completion", sqid, command);
    if (fault?.name === "die") {
      this.state.faults.arm({ place: "registers", kind: { name: "removed" } });
    }
    if (fault?.name === "drop" || fault?.name === "die") return;
    if (fault?.name === "delay") {
      const late = delayed({ ...flight, reply, serviceUs: 0 }, fault.by);
      this.state.inFlight.add(late, nowUs);
      return;
    }
    if (fault?.name === "payload") this.#give(command, fault.octets);
    const answered = fault?.name === "fail" ? failure(fault.status) : reply;
    this.#post(sqid, cid, answered, fault?.name === "corrupt" ? fault : undefined);
  }

  #post(sqid: number, cid: number, { status, dw0 }: Reply, corruption?: Corruption): void {
    const { submissionQueues, completionQueues, memory, interrupts } = this.state;
    const sq = submissionQueues.get(sqid);
    const cq = sq === undefined ? undefined : completionQueues.get(sq.cqid);
    if (sq === undefined || cq === undefined) return;
    const completion = { dw0, sqhd: sq.head, sqid, cid, status };
    const posted = cq.post(memory, corruption ? corrupted(completion, corruption) : completion);
    if (posted && cq.vector !== null) interrupts.raise(cq.vector);
  }

  #give({ prp1, prp2 }: Command, octets: Uint8Array): void {
    const { memory } = this.state;
    const parts = partsOf(memory, prp1, prp2, octets.length);
    if (parts !== null) scatter(memory, parts, octets);
  }

  /** A doorbell of no queue, or of `queue` with a value behind its end. */
  #refuseDoorbell(queue: object | undefined): void {
    const { INVALID_DOORBELL, INVALID_DOORBELL_VALUE } = EVENT;
    this.state.events.raise(queue === undefined ? INVALID_DOORBELL : INVALID_DOORBELL_VALUE);
    this.postEvent();
  }
}

/** Everything can be corrupted but the phase tag, without which nobody would look. */
function corrupted(completion: Completion, { at, octets }: Corruption): Completion {
  const entry = new Uint8Array(COMPLETION_SIZE);
  encodeCompletion(completion, false, entry, 0);
  entry.set(octets.subarray(0, COMPLETION_SIZE - at), at);
  return decodeCompletion(entry, 0);
}

function delayed(flight: Flight, by: number | "until-released"): Flight {
  if (by === "until-released") return { ...flight, delayed: true };
  return { ...flight, serviceUs: flight.serviceUs + by };
}
