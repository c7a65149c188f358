/**
 * Submission queue entries. Source: NVM Express Base Specification 2.0c, 3.3.3.1: 64 octets, little
 * endian. Dwords 2 to 5, 14 and 15 are left out, because no command of the model has them: they
 * are written as zeros and not read.
 *
 * @module
 */
import { addressAt, u16At, u32At } from "../bytes/read_little_endian.ts";
import { putAddress, putU16, putU32 } from "../bytes/write_little_endian.ts";
import { ADMIN_OPCODE, type AdminOpcode, NVM_OPCODE, type NvmOpcode } from "./opcodes.ts";

/** Octets of a submission queue entry. */
export const COMMAND_SIZE = 64;

/** A command without the identifier that its queue gives it. */
export interface Command {
  readonly opcode: number;
  readonly nsid: number;
  /** The data pointer: guest-physical addresses, see `prp.ts`. */
  readonly prp1: number;
  readonly prp2: number;
  readonly cdw10: number;
  readonly cdw11: number;
  readonly cdw12: number;
  readonly cdw13: number;
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
  const { nsid = 0, prp1 = 0, prp2 = 0, cdw10 = 0, cdw11 = 0, cdw12 = 0, cdw13 = 0 } = fields;
  return { opcode, nsid, prp1, prp2, cdw10, cdw11, cdw12, cdw13 };
}

/** Writes the entry at `offset`. Octets of an earlier entry do not remain. */
export function encodeCommand(
  { opcode, nsid, prp1, prp2, cdw10, cdw11, cdw12, cdw13 }: Command,
  cid: number,
  octets: Uint8Array,
  offset = 0,
): void {
  octets.fill(0, offset, offset + COMMAND_SIZE);
  octets[offset] = opcode;
  putU16(octets, offset + 2, cid);
  putU32(octets, offset + 4, nsid);
  putAddress(octets, offset + 24, prp1);
  putAddress(octets, offset + 32, prp2);
  putU32(octets, offset + 40, cdw10);
  putU32(octets, offset + 44, cdw11);
  putU32(octets, offset + 48, cdw12);
  putU32(octets, offset + 52, cdw13);
}

/** The entry at `offset`. */
export function decodeCommand(octets: Uint8Array, offset = 0): Command {
  return {
    opcode: octets[offset] ?? 0,
    nsid: u32At(octets, offset + 4),
    prp1: addressAt(octets, offset + 24),
    prp2: addressAt(octets, offset + 32),
    cdw10: u32At(octets, offset + 40),
    cdw11: u32At(octets, offset + 44),
    cdw12: u32At(octets, offset + 48),
    cdw13: u32At(octets, offset + 52),
  };
}

/** Command identifier of the entry at `offset`. */
export function cidOf(octets: Uint8Array, offset = 0): number {
  return u16At(octets, offset + 2);
}
