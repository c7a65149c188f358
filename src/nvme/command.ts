/**
 * Submission queue entries. Source: NVM Express Base Specification 2.0c, 3.3.3.1 (figure 87): 64
 * octets, little endian.
 *
 * @module
 */
import { ADMIN_OPCODE, type AdminOpcode, NVM_OPCODE, type NvmOpcode } from "./opcodes.ts";

/** Octets of a submission queue entry. */
export const COMMAND_SIZE = 64;
/** Octets of a completion queue entry. */
export const COMPLETION_SIZE = 16;

/** A command before it has an identifier. */
export interface Command {
  readonly opcode: number;
  readonly nsid: number;
  /** Guest-physical address of the data, PRP entry 1. */
  readonly dptr: bigint;
  readonly cdw10: number;
  readonly cdw11: number;
}

/** Fields of a command that differ from zero. */
export type CommandFields = Partial<Omit<Command, "opcode">>;

/** An admin command. */
export function adminCommand(opcode: AdminOpcode, fields: CommandFields = {}): Command {
  return command(ADMIN_OPCODE[opcode], fields);
}

/** A command of the NVM command set for namespace `nsid`. */
export function nvmCommand(opcode: NvmOpcode, nsid: number, fields: CommandFields = {}): Command {
  return command(NVM_OPCODE[opcode], { ...fields, nsid });
}

function command(opcode: number, fields: CommandFields): Command {
  const { nsid = 0, dptr = 0n, cdw10 = 0, cdw11 = 0 } = fields;
  return { opcode, nsid, dptr, cdw10, cdw11 };
}

/** The entry as it stands in the queue. */
export function encodeCommand({ opcode, nsid, dptr, cdw10, cdw11 }: Command, cid: number) {
  const octets = new Uint8Array(COMMAND_SIZE);
  octets[0] = opcode;
  octets[2] = cid;
  octets[3] = cid >> 8;
  putU32(octets, 4, nsid);
  putU32(octets, 24, Number(dptr & 0xffff_ffffn));
  putU32(octets, 28, Number(dptr >> 32n));
  putU32(octets, 40, cdw10);
  putU32(octets, 44, cdw11);
  return octets;
}

/** Opcode of an entry. */
export function opcodeOf(octets: Uint8Array): number {
  return octets[0] ?? 0;
}

/** Command identifier of an entry. */
export function cidOf(octets: Uint8Array): number {
  return (octets[2] ?? 0) | ((octets[3] ?? 0) << 8);
}

function putU32(octets: Uint8Array, offset: number, value: number): void {
  octets[offset] = value;
  octets[offset + 1] = value >>> 8;
  octets[offset + 2] = value >>> 16;
  octets[offset + 3] = value >>> 24;
}
