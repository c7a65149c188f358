/**
 * What a controller answers to admin commands. Source: NVM Express Base Specification 2.0c,
 * section 5.
 *
 * @module
 */
import { PAGE_SIZE } from "../memory/mod.ts";
import type { Command } from "./command.ts";
import type { AdminReply, Hardware } from "./hardware.ts";
import { identifyNamespace } from "./identify.ts";
import { ADMIN_OPCODE } from "./opcodes.ts";

/** CNS of the controller's own structure. */
export const CNS_CONTROLLER = 1;
/** Feature identifier of the number of queues. */
export const FEATURE_NUMBER_OF_QUEUES = 7;
/** Log page of changed namespaces. */
export const LOG_CHANGED_NAMESPACES = 4;
/** Entries of that log page; one more change and it only says that there are too many. */
export const CHANGED_NAMESPACES_MAX = 1024;
/** First entry when more namespaces have changed. */
export const ALL_NAMESPACES = 0xffff_ffff;

/** Status 1.01h: invalid queue identifier. */
const INVALID_QUEUE_IDENTIFIER = 0x101;
/** Status 0.01h: invalid command opcode. */
const INVALID_OPCODE = 0x001;

const SUCCESS: AdminReply = { status: 0, dw0: 0 };

/** Executes any admin command except an asynchronous event request. */
export function executeAdmin(controller: Hardware, command: Command): AdminReply {
  switch (command.opcode) {
    case ADMIN_OPCODE.IDENTIFY:
      return identify(controller, command);
    case ADMIN_OPCODE.SET_FEATURES:
      return setFeatures(controller, command);
    case ADMIN_OPCODE.CREATE_IO_COMPLETION_QUEUE:
      return createCompletionQueue(controller, command);
    case ADMIN_OPCODE.CREATE_IO_SUBMISSION_QUEUE:
      return createSubmissionQueue(controller, command);
    case ADMIN_OPCODE.DELETE_IO_COMPLETION_QUEUE:
      controller.queues.delete(command.cdw10 & 0xffff);
      return SUCCESS;
    case ADMIN_OPCODE.GET_LOG_PAGE:
      return readChangedNamespaces(controller);
    default:
      return { status: INVALID_OPCODE, dw0: 0 };
  }
}

function identify(controller: Hardware, { nsid, cdw10 }: Command): AdminReply {
  const data =
    (cdw10 & 0xff) === CNS_CONTROLLER
      ? controller.identify
      : (controller.namespaces.get(nsid)?.identify ?? identifyNamespace(0n));
  return { ...SUCCESS, data };
}

/** Grants as many queues as asked for and as it has; both counts are zero-based. */
function setFeatures(controller: Hardware, { cdw11 }: Command): AdminReply {
  const granted = Math.min(cdw11 & 0xffff, controller.ioQueuesMax - 1);
  return { status: 0, dw0: ((granted << 16) | granted) >>> 0 };
}

function createCompletionQueue(controller: Hardware, command: Command): AdminReply {
  const qid = command.cdw10 & 0xffff;
  if (controller.queues.has(qid) || qid > controller.ioQueuesMax) {
    return { status: INVALID_QUEUE_IDENTIFIER, dw0: 0 };
  }
  controller.addQueue({
    qid,
    cqPfn: command.dptr / BigInt(PAGE_SIZE),
    sqPfn: null,
    entries: (command.cdw10 >>> 16) + 1,
    sqHead: 0,
    outstanding: [],
    posted: [],
  });
  return SUCCESS;
}

function createSubmissionQueue(controller: Hardware, command: Command): AdminReply {
  const queue = controller.queues.get(command.cdw10 & 0xffff);
  if (queue === undefined || queue.sqPfn !== null) {
    return { status: INVALID_QUEUE_IDENTIFIER, dw0: 0 };
  }
  queue.sqPfn = command.dptr / BigInt(PAGE_SIZE);
  return SUCCESS;
}

function readChangedNamespaces(controller: Hardware): AdminReply {
  const list = controller.takeChangedNamespaces();
  return { ...SUCCESS, list: list.length > CHANGED_NAMESPACES_MAX ? [ALL_NAMESPACES] : list };
}
