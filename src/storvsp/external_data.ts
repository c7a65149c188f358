/**
 * The memory of a guest that a request names: ranges in words of 64 bits, each one a word with its
 * octets and its offset, and the page frames that it touches. storvsp takes one range.
 *
 * Source: microsoft/openvmm, vm/devices/vmbus/vmbus_ring/src/gparange.rs (`MultiPagedRangeBuf`),
 * vm/devices/storage/storvsp/src/lib.rs (`Range`).
 *
 * @module
 */
import { u32At, u64At } from "../bytes/read_little_endian.ts";
import { putU32, putU64 } from "../bytes/write_little_endian.ts";
import { ChainError } from "../machine/mod.ts";
import { PAGE_SIZE } from "../memory/mod.ts";
import type { RangeSavedState } from "../openhcl_state/mod.ts";
import type { GuestRange } from "./disk.ts";

/** Octets of an extension before its words: reserved, then the number of ranges. */
const HEADER_SIZE = 8;

export const NO_DATA: RangeSavedState = { buf: [], count: 0n };

/** The extension of a packet that names `octets` of memory from `offset` of the first page on. */
export function encodeExternalData(
  octets: number,
  offset: number,
  pfns: readonly number[],
): Uint8Array {
  const extension = new Uint8Array(HEADER_SIZE + 8 + pfns.length * 8);
  putU32(extension, 4, 1);
  putU32(extension, 8, octets);
  putU32(extension, 12, offset);
  for (const [index, pfn] of pfns.entries()) putU64(extension, 16 + index * 8, BigInt(pfn));
  return extension;
}

/** What the extension of a packet says; nothing of one that has none. */
export function decodeExternalData(extension: Uint8Array): RangeSavedState {
  if (extension.length < HEADER_SIZE) return NO_DATA;
  const buf: bigint[] = [];
  for (let at = HEADER_SIZE; at + 8 <= extension.length; at += 8) buf.push(u64At(extension, at));
  return { buf, count: BigInt(u32At(extension, 4)) };
}

/**
 * The first range, which has to hold `transferLength` octets; a request that moves nothing needs
 * none. Throws in the words of upstream.
 */
export function rangeOf({ buf, count }: RangeSavedState, transferLength: number): GuestRange {
  const [word = 0n, ...pfns] = buf;
  const octets = Number(word & 0xffff_ffffn);
  const offset = Number(word >> 32n);
  if (BigInt(buf.length) < count * 2n || pfns.length < pagesOf(offset, octets)) {
    throw new ChainError("failed to parse gpa range");
  }
  if (count > 1n || transferLength > octets) throw new ChainError("range/request conflict");
  return { offset, pfns: pfns.map(Number) };
}

function pagesOf(offset: number, octets: number): number {
  return octets === 0 ? 0 : Math.ceil((offset + octets) / PAGE_SIZE);
}
