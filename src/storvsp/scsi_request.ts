/**
 * SCSI requests as a guest sends them to storvsp: 52 octets with a command descriptor block of 16.
 * The block is big endian, what is around it little endian.
 *
 * Source: microsoft/openvmm, vm/devices/storage/storvsp/src/protocol.rs (`ScsiRequest`); SCSI Block
 * Commands 4 (READ(16), WRITE(16), SYNCHRONIZE CACHE(16), WRITE SAME(16), UNMAP).
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
  WRITE_SAME: 0x93,
} as const;

/** Bit 3 of octet 1 of WRITE SAME: the blocks are given back, not written. */
const UNMAP_BIT = 0x08;

/** Outcome of a request: `srb_status`, success or an error. */
export const SRB_STATUS = { SUCCESS: 0x01, ERROR: 0x04, INVALID_LUN: 0x20 } as const;

export interface ScsiRequest {
  readonly path: number;
  readonly target: number;
  readonly lun: number;
  readonly opcode: number;
  /** Of WRITE SAME only. */
  readonly unmaps: boolean;
  /** True when data goes to the guest. */
  readonly dataIn: boolean;
  /** Octets of data. */
  readonly transferLength: number;
  /** First block and their number; zero where the opcode has none. */
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
  octets[CDB_OFFSET + 1] = request.unmaps ? UNMAP_BIT : 0;
  putBigEndian(octets, CDB_OFFSET + 2, 8, request.lba);
  putBigEndian(octets, CDB_OFFSET + 10, 4, request.blocks);
  return octets;
}

/** Reads a request; null when it is too short or says that it has another size. */
export function decodeRequest(octets: Uint8Array): ScsiRequest | null {
  if (octets.length < REQUEST_SIZE || u16At(octets, 0) !== REQUEST_SIZE) return null;
  return {
    path: octets[5] ?? 0,
    target: octets[6] ?? 0,
    lun: octets[7] ?? 0,
    opcode: octets[CDB_OFFSET] ?? 0,
    unmaps: ((octets[CDB_OFFSET + 1] ?? 0) & UNMAP_BIT) !== 0,
    dataIn: octets[10] === 1,
    transferLength: u32At(octets, 12),
    lba: bigEndianAt(octets, CDB_OFFSET + 2, 8),
    blocks: bigEndianAt(octets, CDB_OFFSET + 10, 4),
    srbStatus: octets[2] ?? 0,
  };
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
