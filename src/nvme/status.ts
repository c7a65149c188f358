/**
 * Status codes of completions: status code type in bits 8 to 10, status code below. Source: NVM
 * Express Base Specification 2.0c, 3.3.3.2.1, and NVM Command Set Specification 1.0c, 3.2. The bits
 * above (more, do not retry) are never set.
 *
 * @module
 */

/** The codes that the model's controllers give. */
export const STATUS = {
  SUCCESS: 0x000,
  INVALID_OPCODE: 0x001,
  INVALID_FIELD: 0x002,
  ABORT_REQUESTED: 0x007,
  SQ_DELETED: 0x008,
  INVALID_NAMESPACE_OR_FORMAT: 0x00b,
  COMMAND_SEQUENCE_ERROR: 0x00c,
  PRP_OFFSET_INVALID: 0x013,
  LBA_OUT_OF_RANGE: 0x080,
  COMPLETION_QUEUE_INVALID: 0x100,
  INVALID_QUEUE_IDENTIFIER: 0x101,
  INVALID_QUEUE_SIZE: 0x102,
  EVENT_REQUEST_LIMIT_EXCEEDED: 0x105,
  INVALID_INTERRUPT_VECTOR: 0x108,
  INVALID_LOG_PAGE: 0x109,
  INVALID_QUEUE_DELETION: 0x10c,
  FEATURE_NOT_SAVEABLE: 0x10d,
} as const;

/** What a command answers. */
export interface Reply {
  readonly status: number;
  /** Dword 0 of the completion. */
  readonly dw0: number;
}

export const SUCCESS: Reply = { status: STATUS.SUCCESS, dw0: 0 };

/** A command that failed. */
export function failure(status: number): Reply {
  return { status, dw0: 0 };
}
