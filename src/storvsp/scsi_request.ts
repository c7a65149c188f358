/**
 * SCSI requests as a guest sends them to storvsp: 52 octets with a command descriptor block of 16.
 * The block is big endian, what is around it little endian.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/protocol.rs (`ScsiRequest`); SCSI Block
 * Commands 4 (READ(16), WRITE(16), SYNCHRONIZE CACHE(16), UNMAP with its parameter list).
 *
 * @module
 */
import { u16At, u32At } from "../bytes/read_little_endian.ts";
import { putU16, putU32 } from "../bytes/write_little_endian.ts";

/** Octets of a request. */
export const REQUEST_SIZE = 0x34;
const CDB_OFFSET = 16;
const CDB_SIZE = 16;

/** What a request asks of a disk. */
export const SCSI_OPCODE = {
  TEST_UNIT_READY: 0x00,
  READ: 0x88,
  WRITE: 0x8a,
  SYNCHRONIZE_CACHE: 0x91,
  UNMAP: 0x42,
} as const;

/** Octets of a parameter list of UNMAP with one descriptor. */
export const UNMAP_LIST_SIZE = 24;

/** Outcome of a request: `srb_status`, success or an error. */
export const SRB_STATUS = { SUCCESS: 0x01, ERROR: 0x04, INVALID_LUN: 0x20 } as const;

export interface ScsiRequest {
  readonly path: number;
  readonly target: number;
  readonly lun: number;
  readonly opcode: number;
  /** True when data goes to the guest. */
  readonly dataIn: boolean;
  /** Octets of data. */
  readonly transferLength: number;
  /** First block and their number; zero where the block has none, as that of UNMAP. */
  readonly lba: number;
  readonly blocks: number;
  readonly srbStatus: number;
}

export function encodeRequest(request: ScsiRequest): Uint8Array {
  const octets = new Uint8Array(REQUEST_SIZE);
  putU16(octets, 0, REQUEST_SIZE);
  octets[2] = request.srbStatus;
  octets[5] = request.path;
  octets[6] = request.target;
  octets[7] = request.lun;
  octets[8] = CDB_SIZE;
  octets[10] = request.dataIn ? 1 : 0;
  putU32(octets, 12, request.transferLength);
  octets[CDB_OFFSET] = request.opcode;
  if (request.opcode === SCSI_OPCODE.UNMAP) {
    putBigEndian(octets, CDB_OFFSET + 7, 2, request.transferLength);
  } else {
    putBigEndian(octets, CDB_OFFSET + 2, 8, request.lba);
    putBigEndian(octets, CDB_OFFSET + 10, 4, request.blocks);
  }
  return octets;
}

/** Reads a request; null when it is too short or says that it has another size. */
export function decodeRequest(octets: Uint8Array): ScsiRequest | null {
  if (octets.length < REQUEST_SIZE || u16At(octets, 0) !== REQUEST_SIZE) return null;
  const opcode = octets[CDB_OFFSET] ?? 0;
  const unmaps = opcode === SCSI_OPCODE.UNMAP;
  return {
    path: octets[5] ?? 0,
    target: octets[6] ?? 0,
    lun: octets[7] ?? 0,
    opcode,
    dataIn: octets[10] === 1,
    transferLength: u32At(octets, 12),
    lba: unmaps ? 0 : bigEndianAt(octets, CDB_OFFSET + 2, 8),
    blocks: unmaps ? 0 : bigEndianAt(octets, CDB_OFFSET + 10, 4),
    srbStatus: octets[2] ?? 0,
  };
}

/** A parameter list of UNMAP: a header of 8 octets and one descriptor, big endian. */
export function unmapList(lba: number, blocks: number): Uint8Array {
  const octets = new Uint8Array(UNMAP_LIST_SIZE);
  putBigEndian(octets, 0, 2, UNMAP_LIST_SIZE - 2);
  putBigEndian(octets, 2, 2, UNMAP_LIST_SIZE - 8);
  putBigEndian(octets, 8, 8, lba);
  putBigEndian(octets, 16, 4, blocks);
  return octets;
}

/** The blocks that a parameter list of UNMAP names, of its first descriptor; null without one. */
export function unmapRangeOf(
  list: Uint8Array,
): { readonly lba: number; readonly blocks: number } | null {
  if (list.length < UNMAP_LIST_SIZE || bigEndianAt(list, 2, 2) < UNMAP_LIST_SIZE - 8) return null;
  return { lba: bigEndianAt(list, 8, 8), blocks: bigEndianAt(list, 16, 4) };
}

function putBigEndian(octets: Uint8Array, offset: number, length: number, value: number): void {
  let rest = value;
  for (let at = offset + length - 1; at >= offset; at--) {
    octets[at] = rest % 256;
    rest = Math.floor(rest / 256);
  }
}

function bigEndianAt(octets: Uint8Array, offset: number, length: number): number {
  let value = 0;
  for (let at = offset; at < offset + length; at++) value = value * 256 + (octets[at] ?? 0);
  return value;
}
