/**
 * What differs in the memory of two streams: ranges of pages, and where each begins to differ.
 *
 * @module
 */
import { pageSizeOf } from "./configuration.ts";
import { RANGES_MAX } from "./limits.ts";
import { PAGE_SIZE } from "./ram.ts";
import { type BlockImage, type PageContent, ramImage } from "./ram_image.ts";
import type { Stream } from "./stream.ts";

/** Octets that are shown of either side. */
const SHOWN = 16;

/** Pages side by side of which each differs. */
export interface RamRange {
  readonly address: number;
  readonly size: number;
  /** Address of the first octet that differs; absent when a page cannot be told. */
  readonly first?: number;
  /** Octets from there on. */
  readonly a?: Uint8Array;
  readonly b?: Uint8Array;
}

export interface RamDifference {
  readonly block: string;
  /** Pages that differ, in all ranges. */
  readonly pages: number;
  readonly rangeCount: number;
  /** The first of them. */
  readonly ranges: readonly RamRange[];
}

/** Blocks that both have, when anything in them differs. */
export function diffRam(a: Stream, b: Stream): RamDifference[] {
  const size = sizeOfPages(a);
  const others = ramImage(b, size);
  const found: RamDifference[] = [];
  for (const [block, image] of ramImage(a, size)) {
    const other = others.get(block);
    const difference = other === undefined ? undefined : diffBlock(block, image, other, size);
    if (difference !== undefined && difference.pages > 0) found.push(difference);
  }
  return found;
}

function sizeOfPages({ configuration }: Stream): number {
  return (configuration === undefined ? undefined : pageSizeOf(configuration)) ?? PAGE_SIZE;
}

function diffBlock(block: string, a: BlockImage, b: BlockImage, size: number): RamDifference {
  const addresses = [...new Set([...a.pages.keys(), ...b.pages.keys()])].sort((x, y) => x - y);
  const ranges: RamRange[] = [];
  let [pages, rangeCount, end] = [0, 0, -1];
  for (const address of addresses) {
    const from = a.pages.has(address) ? a.pages.get(address) : 0;
    const to = b.pages.has(address) ? b.pages.get(address) : 0;
    if (isSame(from, to, size)) continue;
    pages++;
    const last = ranges.at(-1);
    if (address !== end) {
      rangeCount++;
      if (ranges.length < RANGES_MAX)
        ranges.push({ address, size, ...begin(from, to, address, size) });
    } else if (rangeCount === ranges.length && last !== undefined) {
      ranges[ranges.length - 1] = { ...last, size: last.size + size };
    }
    end = address + size;
  }
  return { block, pages, rangeCount, ranges };
}

function isSame(a: PageContent, b: PageContent, size: number): boolean {
  if (a === undefined || b === undefined) return false;
  return a === b || firstIn(a, b, size) === size;
}

/** Where pages begin to differ; their size when they do not. */
function firstIn(a: number | Uint8Array, b: number | Uint8Array, size: number): number {
  let at = 0;
  while (at < size && octetAt(a, at) === octetAt(b, at)) at++;
  return at;
}

function octetAt(page: number | Uint8Array, at: number): number {
  return typeof page === "number" ? page : (page[at] ?? 0);
}

function begin(a: PageContent, b: PageContent, address: number, size: number) {
  if (a === undefined || b === undefined) return {};
  const at = firstIn(a, b, size);
  return { first: address + at, a: shown(a, at, size), b: shown(b, at, size) };
}

function shown(page: number | Uint8Array, at: number, size: number): Uint8Array {
  const end = Math.min(at + SHOWN, size);
  return typeof page === "number" ? new Uint8Array(end - at).fill(page) : page.slice(at, end);
}
