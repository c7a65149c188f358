/**
 * RAM in a stream: which blocks there are, and which pages of them come.
 *
 * What it does not do: pages through RDMA, multifd channels or mapped files, and the size of huge
 * pages that post-copy writes beside a block.
 *
 * Source: QEMU, migration/ram.c, ram_save_setup(), save_page_header(), ram_load_precopy().
 *
 * @module
 */

/** Low bits of the address of each item; RAM_SAVE_FLAG_* of QEMU. */
export const RAM_FLAGS = {
  fill: 0x02,
  blocks: 0x04,
  page: 0x08,
  end: 0x10,
  /** The page is of the same block as the one before it. */
  continue: 0x20,
  xbzrle: 0x40,
  compressed: 0x100,
  flush: 0x200,
} as const;

/** Octets of a page, unless the configuration has another. */
export const PAGE_SIZE = 4096;

export interface RamBlock {
  readonly name: string;
  readonly size: number;
  /** Guest address, when shared blocks are left out. */
  readonly address?: bigint;
}

/** The list of blocks. */
export interface RamBlocks {
  readonly kind: "blocks";
  readonly blocks: readonly RamBlock[];
}

/** What each page has. */
interface Placed {
  /** Address in its block. */
  readonly address: number;
  /** Its block, when it is not that of the page before. */
  readonly block?: string;
}

/** A page of which all octets are the same. */
export interface FilledPage extends Placed {
  readonly kind: "fill";
  readonly octet: number;
}

/** A page: as it is, as differences, or deflated. */
export interface Page extends Placed {
  readonly kind: "page" | "xbzrle" | "compressed";
  readonly octets: Uint8Array;
}

/** The end of a section's items, or a point at which multifd channels are awaited. */
export interface RamMark {
  readonly kind: "end" | "flush";
}

export type RamItem = RamBlocks | FilledPage | Page | RamMark;

/** How many pages of each kind came of a block. */
export interface BlockTally {
  readonly name: string;
  readonly size: number;
  fill: number;
  page: number;
  xbzrle: number;
  compressed: number;
}

/** First octet of the differences of a page. */
export const XBZRLE_HEAD = 0x01;
