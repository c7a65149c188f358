/**
 * How a queue pair lies in its one block of memory: submission queue at page 0, completion queue
 * behind it, then pages for PRP lists and bounced data. The layout is not saved; a driver cuts a
 * restored block with its own constants. Source: microsoft/openvmm, nvme_driver queue_pair.rs of
 * each release; facts/openhcl/semantics.md, Queue memory.
 *
 * @module
 */
import { Panic } from "../machine/mod.ts";
import { type MemoryBlock, PAGE_SIZE } from "../memory/mod.ts";
import { COMMAND_SIZE } from "./command.ts";

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

/** A block as a driver has cut it. */
export interface QueueMemory {
  readonly block: MemoryBlock;
  readonly sqPfn: bigint;
  readonly cqPfn: bigint;
  /** First of the pages for PRP lists and bounced data, and how many there are. */
  readonly dataPfn: bigint;
  readonly dataPages: number;
  /** Entries that fit into the submission queue's pages. */
  readonly sqCapacity: number;
}

/** Pages of a queue pair's block. */
export function blockPages(layout: QueueLayout, bounced: boolean): number {
  return layout.sqPages + layout.cqPages + dataPagesOf(layout, bounced);
}

/** Cuts `block`. A block that is too small is a panic, as upstream asserts. */
export function cutBlock(layout: QueueLayout, block: MemoryBlock, bounced: boolean): QueueMemory {
  const { sqPages, cqPages } = layout;
  const dataPages = dataPagesOf(layout, bounced);
  assertView(block, 0, sqPages);
  assertView(block, sqPages, cqPages);
  assertView(block, sqPages + cqPages, dataPages);
  return {
    block,
    sqPfn: block.basePfn,
    cqPfn: block.basePfn + BigInt(sqPages),
    dataPfn: block.basePfn + BigInt(sqPages + cqPages),
    dataPages,
    sqCapacity: (sqPages * PAGE_SIZE) / COMMAND_SIZE,
  };
}

/** Checks that entry `index` of the submission queue is inside its pages. */
export function assertSqEntry(memory: QueueMemory, index: number): void {
  if (index < memory.sqCapacity) return;
  const start = index * COMMAND_SIZE;
  const length = memory.sqCapacity * COMMAND_SIZE;
  throw new Panic(
    start === length
      ? `range end index ${COMMAND_SIZE} out of range for slice of length 0`
      : `range start index ${start} out of range for slice of length ${length}`,
  );
}

function dataPagesOf(layout: QueueLayout, bounced: boolean): number {
  return bounced ? layout.bouncedDataPages : layout.dataPages;
}

function assertView(block: MemoryBlock, offset: number, pages: number): void {
  if (block.pages >= offset && block.pages - offset >= pages) return;
  throw new Panic("assertion failed: mem_len >= offset && mem_len - offset >= len");
}
