/**
 * NVMe: the formats of the specification, and controllers as hardware.
 *
 * @module
 */
export { CNS } from "./admin_commands.ts";
export {
  adminCommand,
  COMMAND_SIZE,
  type Command,
  type CommandFields,
  cidOf,
  decodeCommand,
  encodeCommand,
  nvmCommand,
} from "./command.ts";
export {
  COMPLETION_SIZE,
  type Completion,
  decodeCompletion,
  encodeCompletion,
  phaseAt,
} from "./completion.ts";
export { NvmeController } from "./controller.ts";
export type { ControllerConfig } from "./controller_config.ts";
export type { Fault, FaultTime, QueueFaultKind, QueuePlace, RegisterFaultKind } from "./fault.ts";
export { FEATURE } from "./features.ts";
export { BLOCK_SIZE, blocksOf, NSID_MAX } from "./identify.ts";
export { ALL_NAMESPACES, CHANGED_NAMESPACES_MAX, LOG_PAGE } from "./log_pages.ts";
export { ADMIN_OPCODE, type AdminOpcode, NVM_OPCODE, type NvmOpcode } from "./opcodes.ts";
export type { OperatingQueue } from "./operating_queue.ts";
export {
  CC,
  CSTS,
  doorbellAt,
  NOBODY,
  pageShiftOf,
  queueEntriesOf,
  REGISTER,
} from "./registers.ts";
export { STATUS } from "./status.ts";
