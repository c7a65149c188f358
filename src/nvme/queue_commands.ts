/**
 * Creating and deleting I/O queues. Source: NVM Express Base Specification 2.0c, 5.4 to 5.7. Queues
 * must lie in a row, as CAP.CQR says.
 *
 * @module
 */
import { PAGE_SIZE } from "../memory/mod.ts";
import type { Command } from "./command.ts";
import type { ControllerState } from "./controller_state.ts";
import { CompletionQueue } from "./hardware_queue.ts";
import { failure, type Reply, STATUS, SUCCESS } from "./status.ts";

/** CDW11 of both creations: physically contiguous. */
const PC = 0x1;
/** CDW11 of a completion queue: interrupts enabled. */
const IEN = 0x2;

/** IOSQES and IOCQES of CC that a controller takes: 64 and 16 octets. */
const ENTRY_SIZES = { sq: 6, cq: 4 };

export function createCompletionQueue(state: ControllerState, command: Command): Reply {
  const { cdw10, cdw11 } = command;
  const cqid = cdw10 & 0xffff;
  const vector = cdw11 >>> 16;
  if (!isFree(state, state.completionQueues, cqid)) {
    return failure(STATUS.INVALID_QUEUE_IDENTIFIER);
  }
  const wrong = wrongPlace(state, command);
  if (wrong !== null) return wrong;
  if (vector >= state.config.interruptsMax) return failure(STATUS.INVALID_INTERRUPT_VECTOR);
  const interrupts = (cdw11 & IEN) === 0 ? null : vector;
  state.completionQueues.set(cqid, new CompletionQueue(cqid, placeOf(command), interrupts));
  return SUCCESS;
}

export function createSubmissionQueue(state: ControllerState, command: Command): Reply {
  const sqid = command.cdw10 & 0xffff;
  const cqid = command.cdw11 >>> 16;
  if (!isFree(state, state.submissionQueues, sqid)) {
    return failure(STATUS.INVALID_QUEUE_IDENTIFIER);
  }
  const wrong = wrongPlace(state, command);
  if (wrong !== null) return wrong;
  if (cqid === 0 || cqid > state.config.ioQueuesMax) {
    return failure(STATUS.INVALID_QUEUE_IDENTIFIER);
  }
  if (!state.completionQueues.has(cqid)) return failure(STATUS.COMPLETION_QUEUE_INVALID);
  state.submissionQueues.set(sqid, { sqid, cqid, ...placeOf(command), head: 0, tail: 0 });
  return SUCCESS;
}

/** `abortAll` answers the commands in flight of the queue, before it goes. */
export function deleteSubmissionQueue(
  state: ControllerState,
  { cdw10 }: Command,
  abortAll: (sqid: number) => void,
): Reply {
  const sqid = cdw10 & 0xffff;
  if (sqid === 0 || !state.submissionQueues.has(sqid)) {
    return failure(STATUS.INVALID_QUEUE_IDENTIFIER);
  }
  abortAll(sqid);
  state.submissionQueues.delete(sqid);
  return SUCCESS;
}

/** A completion queue goes after every submission queue that uses it. */
export function deleteCompletionQueue(state: ControllerState, { cdw10 }: Command): Reply {
  const cqid = cdw10 & 0xffff;
  if (cqid === 0 || !state.completionQueues.has(cqid)) {
    return failure(STATUS.INVALID_QUEUE_IDENTIFIER);
  }
  for (const queue of state.submissionQueues.values()) {
    if (queue.cqid === cqid) return failure(STATUS.INVALID_QUEUE_DELETION);
  }
  state.completionQueues.delete(cqid);
  return SUCCESS;
}

function isFree(
  { config }: ControllerState,
  queues: ReadonlyMap<number, unknown>,
  qid: number,
): boolean {
  return qid !== 0 && qid <= config.ioQueuesMax && !queues.has(qid);
}

/** What is wrong with place and size of a new queue; null when nothing is. */
function wrongPlace({ registers }: ControllerState, { cdw10, cdw11, prp1 }: Command): Reply | null {
  const entries = (cdw10 >>> 16) + 1;
  const { sq, cq } = registers.entrySizes;
  const sized = sq === ENTRY_SIZES.sq && cq === ENTRY_SIZES.cq;
  if (!sized || entries < 2 || entries > registers.queueEntriesMax) {
    return failure(STATUS.INVALID_QUEUE_SIZE);
  }
  if ((cdw11 & PC) === 0) return failure(STATUS.INVALID_FIELD);
  if (prp1 % PAGE_SIZE !== 0) return failure(STATUS.PRP_OFFSET_INVALID);
  return null;
}

function placeOf({ cdw10, prp1 }: Command) {
  return { pfn: prp1 / PAGE_SIZE, entries: (cdw10 >>> 16) + 1 };
}
