/**
 * What the hardware's work costs on the virtual clock, in microseconds. Figures of the model, of
 * the order that a real controller shows; upstream states none.
 *
 * @module
 */
import { NVM_OPCODE } from "./opcodes.ts";

/** CC.EN to 1 until CSTS.RDY is 1. */
export const ENABLE_US = 20_000;
/** CC.EN to 0 until CSTS.RDY is 0. */
export const DISABLE_US = 10_000;
/** CAP.TO: what the host should be ready to wait for either, in units of 500 ms. */
export const READY_TIMEOUT = 20;
/** CC.SHN until CSTS.SHST says that it is complete. */
export const SHUTDOWN_US = 5_000;
/** Function level reset: PCI Express allows 100 ms, and software waits that long. */
export const FUNCTION_LEVEL_RESET_US = 100_000;

const ADMIN_COMMAND_US = 20;
const IO_COMMAND_US = 10;
const FLUSH_US = 15;

/** A command from its fetching to its completion. */
export function serviceTimeUs(sqid: number, opcode: number): number {
  if (sqid === 0) return ADMIN_COMMAND_US;
  return opcode === NVM_OPCODE.FLUSH ? FLUSH_US : IO_COMMAND_US;
}
