/**
 * What a controller does for commands of the NVM command set. Source: NVM Command Set Specification
 * 1.0c, section 3. Data is moved when the command is executed, which is after its service time. Not
 * modelled: metadata, protection information, fused commands, atomicity across commands.
 *
 * @module
 */
import { addressAt, u32At } from "../bytes/read_little_endian.ts";
import { type DeviceMemory, PAGE_SIZE } from "../memory/mod.ts";
import type { Command } from "./command.ts";
import type { HardwareNamespace } from "./hardware_namespace.ts";
import { BLOCK_SIZE, MDTS, NSID_MAX } from "./identify.ts";
import { NVM_OPCODE } from "./opcodes.ts";
import { gather, partsOf, scatter } from "./prp.ts";
import { failure, type Reply, STATUS, SUCCESS } from "./status.ts";

/** Blocks that one read or write moves at most. */
const TRANSFER_BLOCKS_MAX = (PAGE_SIZE << MDTS) / BLOCK_SIZE;
/** Octets of one range of dataset management, and where its fields are. */
const DSM_RANGE_SIZE = 16;
/** CDW11 of dataset management: deallocate. */
const DSM_DEALLOCATE = 0x4;

/** What I/O commands act on. */
export interface Storage {
  readonly memory: DeviceMemory;
  readonly namespaces: ReadonlyMap<number, HardwareNamespace>;
}

/** Executes an I/O command. */
export function executeIo({ memory, namespaces }: Storage, command: Command): Reply {
  const namespace = namespaces.get(command.nsid);
  if (namespace === undefined) return failure(whyNot(command.nsid));
  switch (command.opcode) {
    case NVM_OPCODE.FLUSH:
      return SUCCESS;
    case NVM_OPCODE.READ:
      return transfer(memory, namespace, command, read);
    case NVM_OPCODE.WRITE:
      return transfer(memory, namespace, command, write);
    case NVM_OPCODE.WRITE_ZEROES:
      return writeZeroes(namespace, command);
    case NVM_OPCODE.DSM:
      return manageDataset(memory, namespace, command);
    default:
      return failure(STATUS.INVALID_OPCODE);
  }
}

/** One that could exist and does not is another error than one that never can. Base, 3.2.1.5. */
function whyNot(nsid: number): number {
  const canBe = nsid > 0 && nsid <= NSID_MAX;
  return canBe ? STATUS.INVALID_FIELD : STATUS.INVALID_NAMESPACE_OR_FORMAT;
}

type Move = (
  memory: DeviceMemory,
  namespace: HardwareNamespace,
  parts: readonly number[],
  lba: number,
  count: number,
) => void;

function transfer(
  memory: DeviceMemory,
  namespace: HardwareNamespace,
  command: Command,
  move: Move,
): Reply {
  const lba = lbaOf(command);
  const count = countOf(command);
  if (count > TRANSFER_BLOCKS_MAX) return failure(STATUS.INVALID_FIELD);
  if (!namespace.has(lba, count)) return failure(STATUS.LBA_OUT_OF_RANGE);
  const parts = partsOf(memory, command.prp1, command.prp2, count * BLOCK_SIZE);
  if (parts === null) return failure(STATUS.PRP_OFFSET_INVALID);
  move(memory, namespace, parts, lba, count);
  return SUCCESS;
}

const read: Move = (memory, namespace, parts, lba, count) => {
  if (count === 1) {
    scatter(memory, parts, namespace.read(lba));
    return;
  }
  const octets = new Uint8Array(count * BLOCK_SIZE);
  for (let index = 0; index < count; index++) {
    octets.set(namespace.read(lba + index), index * BLOCK_SIZE);
  }
  scatter(memory, parts, octets);
};

const write: Move = (memory, namespace, parts, lba, count) => {
  const octets = gather(memory, parts);
  for (let index = 0; index < count; index++) {
    const start = index * BLOCK_SIZE;
    namespace.write(lba + index, octets.subarray(start, start + BLOCK_SIZE));
  }
};

function writeZeroes(namespace: HardwareNamespace, command: Command): Reply {
  const lba = lbaOf(command);
  const count = countOf(command);
  if (!namespace.has(lba, count)) return failure(STATUS.LBA_OUT_OF_RANGE);
  namespace.deallocate(lba, count);
  return SUCCESS;
}

/** Deallocates every range of a list, or none when one of them reaches over the end. */
function manageDataset(
  memory: DeviceMemory,
  namespace: HardwareNamespace,
  { prp1, prp2, cdw10, cdw11 }: Command,
): Reply {
  const length = ((cdw10 & 0xff) + 1) * DSM_RANGE_SIZE;
  const parts = partsOf(memory, prp1, prp2, length);
  if (parts === null) return failure(STATUS.PRP_OFFSET_INVALID);
  if ((cdw11 & DSM_DEALLOCATE) === 0) return SUCCESS;
  const list = gather(memory, parts);
  const ranges: { readonly lba: number; readonly count: number }[] = [];
  for (let at = 0; at < length; at += DSM_RANGE_SIZE) {
    ranges.push({ count: u32At(list, at + 4), lba: addressAt(list, at + 8) });
  }
  if (!ranges.every(({ lba, count }) => namespace.has(lba, count))) {
    return failure(STATUS.LBA_OUT_OF_RANGE);
  }
  for (const { lba, count } of ranges) namespace.deallocate(lba, count);
  return SUCCESS;
}

/** SLBA: dwords 10 and 11. What no number can hold exactly is out of every range. */
function lbaOf({ cdw10, cdw11 }: Command): number {
  return cdw11 * 2 ** 32 + cdw10;
}

/** NLB, which counts from zero. */
function countOf({ cdw12 }: Command): number {
  return (cdw12 & 0xffff) + 1;
}
