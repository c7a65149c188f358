/**
 * Unsigned integers into little-endian octets; the other side of `read_little_endian.ts`. Bits
 * that do not fit are dropped, as a store to memory drops them.
 *
 * @module
 */
import { highHalf, lowHalf } from "./wide.ts";

export function putU16(octets: Uint8Array, offset: number, value: number): void {
  octets[offset] = value;
  octets[offset + 1] = value >>> 8;
}

export function putU32(octets: Uint8Array, offset: number, value: number): void {
  putU16(octets, offset, value);
  putU16(octets, offset + 2, value >>> 16);
}

export function putU64(octets: Uint8Array, offset: number, value: bigint): void {
  putU32(octets, offset, lowHalf(value));
  putU32(octets, offset + 4, highHalf(value));
}

/** An address below 2^53 as 64 bits. */
export function putAddress(octets: Uint8Array, offset: number, value: number): void {
  putU32(octets, offset, value % 2 ** 32);
  putU32(octets, offset + 4, Math.floor(value / 2 ** 32));
}
