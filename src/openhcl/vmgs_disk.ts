/**
 * The file of a guest's persistent state, as the host keeps it: blocks of 4 KiB, two headers of
 * which the younger one counts, and a table of files behind it.
 *
 * Source: vm/vmgs/vmgs_format, vm/vmgs/vmgs/src/vmgs_impl.rs. Tables and headers are kept as
 * values and not as octets; checksums and encryption are not modelled.
 *
 * @module
 */
import type { SavedResolvedFileControlBlock, SavedVmgsState } from "../openhcl_state/mod.ts";

/** A file as the table describes it. */
export type FileControlBlock = SavedResolvedFileControlBlock;

/** Files by id, in order of ids. */
export type FileTable = readonly (readonly [number, FileControlBlock])[];

/** Ids of files. */
export const FILE = {
  table: 0,
  biosNvram: 1,
  tpmNvram: 3,
  rtcSkew: 4,
  keyProtector: 6,
} as const;

export const BLOCK_OCTETS = 4_096;

/** The first two blocks are the headers'. */
export const BLOCK_OFFSET_MIN = 2;

interface Header {
  readonly sequence: number;
  /** Block of the table of files. */
  readonly tableOffset: number;
}

/** Blocks in a row with what was written there last. */
interface Extent {
  readonly offset: number;
  readonly blocks: number;
  readonly content: Uint8Array | FileTable;
}

export class VmgsDisk {
  /**
   * The marker in the file's header: it was reset on an earlier boot with the lifetime Reprovision,
   * and must not be reset again (PR 2126).
   */
  readonly reprovisioned = true;
  /** A hibernation token waits to be consumed by the first VMM that knows it. */
  hibernateToken: bigint | null = 0x5eed_cafe_0123n;
  #headers: readonly (Header | null)[] = [null, null];
  #extents: readonly Extent[] = [];

  /** Which header counts: the one with the higher sequence number. */
  get activeHeaderIndex(): 0 | 1 {
    const [first, second] = this.#headers;
    return (second?.sequence ?? -1) > (first?.sequence ?? -1) ? 1 : 0;
  }

  get sequence(): number {
    return this.#headers[this.activeHeaderIndex]?.sequence ?? 0;
  }

  /** The table that the active header leads to. */
  get files(): FileTable {
    const header = this.#headers[this.activeHeaderIndex];
    const table = this.#extents.find(({ offset }) => offset === header?.tableOffset)?.content;
    return table === undefined || table instanceof Uint8Array ? [] : table;
  }

  /** The octets of a file at its place; zeros where nothing was written, or something else. */
  read({ block_offset, valid_bytes }: FileControlBlock): Uint8Array {
    const content = this.#extents.find(({ offset }) => offset === block_offset)?.content;
    const length = Number(valid_bytes);
    if (content instanceof Uint8Array && content.length === length) return content;
    return new Uint8Array(Math.min(length, LENGTH_MAX));
  }

  /** Writes blocks; what stood there before is gone, all of it. */
  write(offset: number, blocks: number, content: Uint8Array | FileTable): void {
    const end = offset + blocks;
    const kept = this.#extents.filter(
      (was) => was.offset >= end || was.offset + was.blocks <= offset,
    );
    this.#extents = [...kept, { offset, blocks, content }];
  }

  writeHeader(index: number, sequence: number, tableOffset: number): void {
    this.#headers = this.#headers.with(index, { sequence, tableOffset });
  }

  /** Takes over the table of a store that was saved elsewhere. The files read as zeros. */
  adopt({
    active_header_index,
    active_header_sequence_number: sequence,
    fcbs,
  }: SavedVmgsState): void {
    const table = fcbs.find(([id]) => id === FILE.table)?.[1];
    const tableOffset = table?.block_offset ?? BLOCK_OFFSET_MIN;
    this.#extents = [{ offset: tableOffset, blocks: 1, content: fcbs }];
    this.writeHeader(active_header_index === 0n ? 0 : 1, sequence, tableOffset);
  }

  fork(): VmgsDisk {
    const copy = new VmgsDisk();
    copy.hibernateToken = this.hibernateToken;
    copy.#headers = this.#headers;
    copy.#extents = this.#extents;
    return copy;
  }
}

/** A table from elsewhere may claim any length. */
const LENGTH_MAX = 2 ** 16;
