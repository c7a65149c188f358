/**
 * How a queue pair lies in its one block of memory: submission queue at page 0, completion queue
 * behind it, then pages for PRP lists and bounced data. The layout is not saved; a driver cuts a
 * restored block with its own constants. Source: microsoft/openvmm, nvme_driver queue_pair.rs of
 * each release.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import { type MemoryBlock, PAGE_SIZE } from "../memory/mod.ts";

/** Constants of one driver. */
export interface QueueLayout {
  readonly sqPages: number;
  readonly cqPages: number;
  readonly dataPages: number;
  /** Data pages when all data is bounced, as in an isolated VM. */
  readonly bouncedDataPages: number;
  readonly sqEntriesMax: number;
  readonly cqEntriesMax: number;
}

/** 2411 and 2505: 66 pages. */
export const LAYOUT_66: QueueLayout = {
  sqPages: 1,
  cqPages: 1,
  dataPages: 64,
  bouncedDataPages: 128,
  sqEntriesMax: 64,
  cqEntriesMax: 256,
};

/** 1.7.2511 and later: 69 pages. */
export const LAYOUT_69: QueueLayout = {
  sqPages: 4,
  cqPages: 1,
  dataPages: 64,
  bouncedDataPages: 128,
  sqEntriesMax: 256,
  cqEntriesMax: 256,
};

/** Pages in a row that a driver has cut out of a block. */
export interface PageView {
  readonly pfn: number;
  readonly pages: number;
}

/** A block as a driver has cut it. */
export interface QueueMemory {
  readonly block: MemoryBlock;
  readonly sq: PageView;
  readonly cq: PageView;
  /** Pages for PRP lists and bounced data. */
  readonly data: PageView;
}

/** Pages of a queue pair's block. */
export function blockPages(layout: QueueLayout, bounced: boolean): number {
  return layout.sqPages + layout.cqPages + dataPagesOf(layout, bounced);
}

/** Cuts `block`. A block that is too small is a panic, as upstream asserts. */
export function cutBlock(layout: QueueLayout, block: MemoryBlock, bounced: boolean): QueueMemory {
  const { sqPages, cqPages } = layout;
  return {
    block,
    sq: view(block, 0, sqPages),
    cq: view(block, sqPages, cqPages),
    data: view(block, sqPages + cqPages, dataPagesOf(layout, bounced)),
  };
}

/** Checks that an entry of `size` octets is inside the pages of a queue, as a slice does. */
export function assertEntry({ pages }: PageView, index: number, size: number): void {
  const start = index * size;
  const length = pages * PAGE_SIZE;
  if (start + size <= length) return;
  throw new Panic(
    start > length
      ? `range start index ${start} out of range for slice of length ${length}`
      : `range end index ${size} out of range for slice of length ${length - start}`,
  );
}

function dataPagesOf(layout: QueueLayout, bounced: boolean): number {
  return bounced ? layout.bouncedDataPages : layout.dataPages;
}

function view(block: MemoryBlock, offset: number, pages: number): PageView {
  if (block.pages >= offset && block.pages - offset >= pages) {
    return { pfn: Number(block.basePfn) + offset, pages };
  }
  throw new Panic("assertion failed: mem_len >= offset && mem_len - offset >= len");
}
