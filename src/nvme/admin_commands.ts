/**
 * What a controller answers to admin commands. Source: NVM Express Base Specification 2.0c,
 * section 5. Not modelled: firmware, formatting, namespace management, security, self-test.
 *
 * @module
 */
import type { Command } from "./command.ts";
import type { ControllerState } from "./controller_state.ts";
import { identifyController, identifyNamespace, NSID_MAX, namespaceList } from "./identify.ts";
import { LOG_PAGE } from "./log_pages.ts";
import { ADMIN_OPCODE } from "./opcodes.ts";
import { partsOf, scatter } from "./prp.ts";
import {
  createCompletionQueue,
  createSubmissionQueue,
  deleteCompletionQueue,
  deleteSubmissionQueue,
} from "./queue_commands.ts";
import { failure, type Reply, STATUS, SUCCESS } from "./status.ts";

/** CNS of Identify: a namespace, the controller, the list of active namespaces. */
export const CNS = { NAMESPACE: 0, CONTROLLER: 1, ACTIVE_NAMESPACES: 2 } as const;

/** CDW10 of Get Log Page: leave the event of this page masked, and the page as it is. */
const RETAIN_EVENT = 0x8000;
/** Dword 0 of Abort: the command was not aborted. */
const NOT_ABORTED = 1;

/** What admin commands act on. */
export interface Hardware {
  readonly state: ControllerState;
  /** Answers a command in flight with an abort. False when it is not in flight. */
  abort(sqid: number, cid: number): boolean;
  /** Answers every command in flight of a queue that is deleted. */
  abortAll(sqid: number): void;
}

/** Executes an admin command; null when there is no answer yet. */
export function executeAdmin(hardware: Hardware, cid: number, command: Command): Reply | null {
  const { state } = hardware;
  switch (command.opcode) {
    case ADMIN_OPCODE.IDENTIFY:
      return identify(state, command);
    case ADMIN_OPCODE.SET_FEATURES:
      return state.features.set(command.cdw10, command.cdw11, state.completionQueues.size > 1);
    case ADMIN_OPCODE.GET_FEATURES:
      return state.features.get(command.cdw10);
    case ADMIN_OPCODE.CREATE_IO_COMPLETION_QUEUE:
      return createCompletionQueue(state, command);
    case ADMIN_OPCODE.CREATE_IO_SUBMISSION_QUEUE:
      return createSubmissionQueue(state, command);
    case ADMIN_OPCODE.DELETE_IO_COMPLETION_QUEUE:
      return deleteCompletionQueue(state, command);
    case ADMIN_OPCODE.DELETE_IO_SUBMISSION_QUEUE:
      return deleteSubmissionQueue(state, command, (sqid) => hardware.abortAll(sqid));
    case ADMIN_OPCODE.GET_LOG_PAGE:
      return readLogPage(state, command);
    case ADMIN_OPCODE.ABORT:
      return abort(hardware, command);
    case ADMIN_OPCODE.ASYNCHRONOUS_EVENT_REQUEST:
      return state.events.request(cid);
    default:
      return failure(STATUS.INVALID_OPCODE);
  }
}

function identify(state: ControllerState, command: Command): Reply {
  const { nsid, cdw10 } = command;
  const cns = cdw10 & 0xff;
  if (cns === CNS.CONTROLLER)
    return give(state, command, identifyController(state.config.vendorId));
  if (cns === CNS.ACTIVE_NAMESPACES) {
    if (nsid >= 0xffff_fffe) return failure(STATUS.INVALID_NAMESPACE_OR_FORMAT);
    return give(state, command, namespaceList(state.namespaces.keys(), nsid));
  }
  if (cns !== CNS.NAMESPACE) return failure(STATUS.INVALID_FIELD);
  if (nsid === 0 || nsid > NSID_MAX) return failure(STATUS.INVALID_NAMESPACE_OR_FORMAT);
  // One that could exist and does not is described by zeros.
  const known = state.namespaces.get(nsid)?.identify;
  return give(state, command, known ?? identifyNamespace(0n));
}

/** Reads a part of a log page, and clears its event unless that is to be retained. */
function readLogPage(state: ControllerState, command: Command): Reply {
  const { cdw10, cdw11, cdw12, cdw13 } = command;
  const lid = cdw10 & 0xff;
  const page = state.logs.read(lid);
  if (page === null) return failure(STATUS.INVALID_LOG_PAGE);
  const dwords = (cdw11 & 0xffff) * 2 ** 16 + (cdw10 >>> 16) + 1;
  const offset = cdw13 * 2 ** 32 + cdw12;
  if (offset % 4 !== 0 || offset > page.length) return failure(STATUS.INVALID_FIELD);
  const reply = give(state, command, page.subarray(offset, offset + 4 * dwords));
  if (reply.status === STATUS.SUCCESS && (cdw10 & RETAIN_EVENT) === 0) {
    if (lid === LOG_PAGE.CHANGED_NAMESPACES) state.logs.clearChanged();
    state.events.clear(lid);
  }
  return reply;
}

/** Aborts a command that has not been executed; one that has is not in flight any more. */
function abort(hardware: Hardware, { cdw10 }: Command): Reply {
  const aborted = hardware.abort(cdw10 & 0xffff, cdw10 >>> 16);
  return { status: STATUS.SUCCESS, dw0: aborted ? 0 : NOT_ABORTED };
}

/** Writes `octets` to the data of `command`. */
function give({ memory }: ControllerState, { prp1, prp2 }: Command, octets: Uint8Array): Reply {
  const parts = partsOf(memory, prp1, prp2, octets.length);
  if (parts === null) return failure(STATUS.PRP_OFFSET_INVALID);
  scatter(memory, parts, octets);
  return SUCCESS;
}
