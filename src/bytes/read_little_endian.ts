/**
 * Unsigned integers out of little-endian octets, for structures that hardware and guests lay out
 * in memory: registers, queue entries, messages, rings. Octets behind the end read as zero.
 *
 * @module
 */
import { bigintOfHalves } from "./wide.ts";

export function u16At(octets: Uint8Array, offset: number): number {
  return (octets[offset] ?? 0) | ((octets[offset + 1] ?? 0) << 8);
}

export function u32At(octets: Uint8Array, offset: number): number {
  return (u16At(octets, offset) | (u16At(octets, offset + 2) << 16)) >>> 0;
}

export function u64At(octets: Uint8Array, offset: number): bigint {
  return bigintOfHalves(u32At(octets, offset), u32At(octets, offset + 4));
}

/** 64 bits as a number: exact below 2^53, which is where memory ends. */
export function addressAt(octets: Uint8Array, offset: number): number {
  return u32At(octets, offset + 4) * 2 ** 32 + u32At(octets, offset);
}
