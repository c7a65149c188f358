/**
 * Opcodes of NVMe commands. Source: NVM Express Base Specification 2.0c, section 5, and NVM Command
 * Set Specification 1.0c, section 3; names as upstream's `nvme_spec`.
 *
 * @module
 */

/** Admin commands. */
export const ADMIN_OPCODE = {
  DELETE_IO_SUBMISSION_QUEUE: 0x00,
  CREATE_IO_SUBMISSION_QUEUE: 0x01,
  GET_LOG_PAGE: 0x02,
  DELETE_IO_COMPLETION_QUEUE: 0x04,
  CREATE_IO_COMPLETION_QUEUE: 0x05,
  IDENTIFY: 0x06,
  ABORT: 0x08,
  SET_FEATURES: 0x09,
  GET_FEATURES: 0x0a,
  ASYNCHRONOUS_EVENT_REQUEST: 0x0c,
} as const;

export type AdminOpcode = keyof typeof ADMIN_OPCODE;

/** Commands of the NVM command set. */
export const NVM_OPCODE = {
  FLUSH: 0x00,
  WRITE: 0x01,
  READ: 0x02,
  WRITE_ZEROES: 0x08,
  DSM: 0x09,
} as const;

export type NvmOpcode = keyof typeof NVM_OPCODE;

/** Name of an admin opcode; unknown ones by number. */
export function adminOpcodeName(opcode: number): string {
  return ADMIN_NAMES.get(opcode) ?? unknown(opcode);
}

/** Name of an opcode of the NVM command set; unknown ones by number. */
export function nvmOpcodeName(opcode: number): string {
  return NVM_NAMES.get(opcode) ?? unknown(opcode);
}

/** The opcode called `name` on queues of this kind; null when they have none. */
export function opcodeNumber(queue: "admin" | "io", name: AdminOpcode | NvmOpcode): number | null {
  const opcodes: Readonly<Record<string, number>> = queue === "admin" ? ADMIN_OPCODE : NVM_OPCODE;
  return opcodes[name] ?? null;
}

const ADMIN_NAMES = namesOf(ADMIN_OPCODE);
const NVM_NAMES = namesOf(NVM_OPCODE);

function namesOf(opcodes: Readonly<Record<string, number>>): ReadonlyMap<number, string> {
  return new Map(Object.entries(opcodes).map(([name, opcode]) => [opcode, name]));
}

function unknown(opcode: number): string {
  return `0x${opcode.toString(16).padStart(2, "0")}`;
}
