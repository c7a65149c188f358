/**
 * GPA ranges: what a GPADL describes. A word with the octets and the offset of a range, then one
 * word for each of its page frames, and so on for every range.
 *
 * Source: vm/devices/vmbus/vmbus_ring/src/gparange.rs.
 *
 * @module
 */
import { addressAt, u32At } from "../bytes/read_little_endian.ts";
import { putAddress, putU32 } from "../bytes/write_little_endian.ts";
import { ChainError } from "../machine/mod.ts";

/** Octets of a word. */
export const WORD_LENGTH = 8;

const PAGE_SIZE = 4096;
const OFFSET_MAX = 0xfff;
const U32_MAX = 0xffff_ffff;

/** Refuses `octets` that do not hold `count` ranges. Answers the words that these take. */
export function checkGpaRanges(count: number, octets: Uint8Array): number {
  let word = 0;
  for (let range = 0; range < count; range++) word += 1 + pagesAt(octets, word);
  return word;
}

/** Pages of the range that begins at `word`. */
function pagesAt(octets: Uint8Array, word: number): number {
  const words = Math.floor(octets.length / WORD_LENGTH);
  if (word >= words) throw new ChainError("empty range");
  const byteCount = u32At(octets, word * WORD_LENGTH);
  if (byteCount === 0) throw new ChainError("empty byte count");
  const byteOffset = u32At(octets, word * WORD_LENGTH + 4);
  if (byteOffset > OFFSET_MAX) throw new ChainError("byte offset too large");
  const end = byteCount + PAGE_SIZE - 1 + byteOffset;
  if (end > U32_MAX) throw new ChainError("integer overflow");
  const pages = Math.floor(end / PAGE_SIZE);
  if (words - word - 1 < pages) throw new ChainError("range too small");
  return pages;
}

/** Whether `count` ranges go on behind the end of `octets`. */
export function wordsMissing(count: number, octets: Uint8Array): boolean {
  const words = Math.floor(octets.length / WORD_LENGTH);
  let word = 0;
  for (let range = 0; range < count; range++) {
    if (word >= words) return true;
    const byteCount = u32At(octets, word * WORD_LENGTH);
    const byteOffset = u32At(octets, word * WORD_LENGTH + 4);
    word += 1 + Math.floor((byteCount + PAGE_SIZE - 1 + byteOffset) / PAGE_SIZE);
  }
  return word > words;
}

/**
 * Page frames of a GPADL that is one range of whole pages, which is what a ring needs; null for
 * every other one.
 */
export function alignedPages(count: number, octets: Uint8Array): number[] | null {
  const byteCount = u32At(octets, 0);
  if (count !== 1 || u32At(octets, 4) !== 0 || byteCount % PAGE_SIZE !== 0) return null;
  const pages = byteCount / PAGE_SIZE;
  return Array.from({ length: pages }, (_, page) => addressAt(octets, (1 + page) * WORD_LENGTH));
}

/** One range of `pages` whole pages from `pfn` on. */
export function wholePages(pfn: number, pages: number): Uint8Array {
  const octets = new Uint8Array((1 + pages) * WORD_LENGTH);
  putU32(octets, 0, pages * PAGE_SIZE);
  for (let page = 0; page < pages; page++) putAddress(octets, (1 + page) * WORD_LENGTH, pfn + page);
  return octets;
}
