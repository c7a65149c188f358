/**
 * The interrupt page of guests before Windows 8: one bit for each channel, and a single interrupt
 * for all of them. The first half goes to the guest, the second one comes from it.
 *
 * Source: vm/devices/vmbus/vmbus_server/src/channel_bitmap.rs.
 *
 * @module
 */
import { type GuestMemory, PAGE_SIZE } from "../memory/mod.ts";

const HALF = PAGE_SIZE / 2;

/** Event flag of a guest that is shared by all channels. */
export const SHARED_EVENT_FLAG = 0;

/** Connection that a guest signals for all of its channels. */
export const SHARED_CONNECTION_ID = 2;

/** Sets the bit of `eventFlag` for the guest. */
export function setForGuest(memory: GuestMemory, page: bigint, eventFlag: number): void {
  setBit(memory, Number(page), eventFlag);
}

/** Sets the bit of `eventFlag` for the host, as a guest does. */
export function setForHost(memory: GuestMemory, page: bigint, eventFlag: number): void {
  setBit(memory, Number(page) + HALF, eventFlag);
}

/** Takes the bits that were set for the guest, lowest first. */
export function takeForGuest(memory: GuestMemory, page: bigint): number[] {
  return takeBits(memory, Number(page));
}

/** Takes the bits that the guest has set, lowest first. */
export function takeForHost(memory: GuestMemory, page: bigint): number[] {
  return takeBits(memory, Number(page) + HALF);
}

function setBit(memory: GuestMemory, address: number, bit: number): void {
  const octets = memory.writable(Math.floor(address / PAGE_SIZE));
  const at = (address % PAGE_SIZE) + (bit >>> 3);
  octets[at] = (octets[at] ?? 0) | (1 << (bit & 7));
}

function takeBits(memory: GuestMemory, address: number): number[] {
  const pfn = Math.floor(address / PAGE_SIZE);
  const start = address % PAGE_SIZE;
  const bits: number[] = [];
  for (const [index, octet] of memory
    .readable(pfn)
    .subarray(start, start + HALF)
    .entries()) {
    for (let bit = 0; bit < 8; bit++) if ((octet >>> bit) & 1) bits.push(index * 8 + bit);
  }
  if (bits.length > 0) memory.writable(pfn).fill(0, start, start + HALF);
  return bits;
}
