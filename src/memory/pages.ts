/**
 * Page frames and ranges of them. A saved range counts octets (`topology.MemoryRange`), the model
 * counts pages of 4 KiB.
 *
 * @module
 */
import type { MemoryRange } from "../openhcl_state/mod.ts";

/** Octets of a page. */
export const PAGE_SIZE = 4096;

const PAGE_OCTETS = BigInt(PAGE_SIZE);

/** Pages that follow each other. */
export interface PageRange {
  readonly pfn: bigint;
  readonly pages: bigint;
}

/** `range` in octets, as saved state has it. */
export function toMemoryRange(range: PageRange): MemoryRange {
  return { start: range.pfn * PAGE_OCTETS, end: (range.pfn + range.pages) * PAGE_OCTETS };
}

/** Pages of all `ranges` together. */
export function countPages(ranges: readonly PageRange[]): bigint {
  return ranges.reduce((total, range) => total + range.pages, 0n);
}
