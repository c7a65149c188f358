/**
 * Completion queue entries. Source: NVM Express Base Specification 2.0c, 3.3.3.2: 16 octets, little
 * endian. The phase tag tells a new entry from one that was there before; it inverts with each
 * pass through the queue.
 *
 * @module
 */
import { u16At, u32At } from "../bytes/read_little_endian.ts";
import { putU16, putU32 } from "../bytes/write_little_endian.ts";

/** Octets of a completion queue entry. */
export const COMPLETION_SIZE = 16;

/** An entry without its phase tag. */
export interface Completion {
  /** Dword 0: what the command answers. */
  readonly dw0: number;
  /** Head of the submission queue: entries before it can be used again. */
  readonly sqhd: number;
  readonly sqid: number;
  readonly cid: number;
  /** Status code and status code type; see `status.ts`. */
  readonly status: number;
}

/** Writes the entry at `offset`. */
export function encodeCompletion(
  { dw0, sqhd, sqid, cid, status }: Completion,
  phase: boolean,
  octets: Uint8Array,
  offset: number,
): void {
  putU32(octets, offset, dw0);
  putU32(octets, offset + 4, 0);
  putU16(octets, offset + 8, sqhd);
  putU16(octets, offset + 10, sqid);
  putU16(octets, offset + 12, cid);
  putU16(octets, offset + 14, (status << 1) | (phase ? 1 : 0));
}

/** The entry at `offset`. */
export function decodeCompletion(octets: Uint8Array, offset: number): Completion {
  return {
    dw0: u32At(octets, offset),
    sqhd: u16At(octets, offset + 8),
    sqid: u16At(octets, offset + 10),
    cid: u16At(octets, offset + 12),
    status: u16At(octets, offset + 14) >>> 1,
  };
}

/** Phase tag of the entry at `offset`. */
export function phaseAt(octets: Uint8Array, offset: number): boolean {
  return ((octets[offset + 14] ?? 0) & 1) === 1;
}
