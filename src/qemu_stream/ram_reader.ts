/**
 * Reads the items of RAM sections, one at a time, so that nothing of them need be held.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import type { StreamError } from "./error.ts";
import { BLOCKS_MAX } from "./limits.ts";
import {
  type BlockTally,
  PAGE_SIZE,
  RAM_FLAGS,
  type RamBlock,
  type RamItem,
  XBZRLE_HEAD,
} from "./ram.ts";
import { shownName } from "./shown_name.ts";

const END: RamItem = { kind: "end" };
const FLUSH: RamItem = { kind: "flush" };

export class RamReader {
  readonly #pageSize: number;
  /** Bits of an address that are flags. */
  readonly #flagBits: number;
  /** Blocks have their guest addresses. */
  readonly #hasAddresses: boolean;
  readonly #blocks = new Map<string, BlockTally>();
  /** The block of the page before, also across sections. */
  #block: BlockTally | undefined;

  constructor(pageSize: number, hasAddresses: boolean) {
    this.#pageSize = pageSize;
    this.#flagBits = Math.min(pageSize, PAGE_SIZE) - 1;
    this.#hasAddresses = hasAddresses;
  }

  /** What came of each block so far. */
  get blocks(): readonly BlockTally[] {
    return [...this.#blocks.values()];
  }

  /** Reads one item. When that fails, nothing is counted. */
  read(cursor: Cursor): RamItem {
    const at = cursor.pass(8, "address");
    const high = cursor.view.u32(at);
    const low = cursor.view.u32(at + 4);
    const flags = low & this.#flagBits;
    const address = high * 2 ** 32 + (low - flags);
    switch (flags & ~RAM_FLAGS.continue) {
      case RAM_FLAGS.fill:
      case RAM_FLAGS.page:
      case RAM_FLAGS.xbzrle:
      case RAM_FLAGS.compressed:
        return this.#page(cursor, at, flags, address);
    }
    if (flags === RAM_FLAGS.blocks) return this.#list(cursor, at, address);
    if (address === 0 && flags === RAM_FLAGS.end) return END;
    if (address === 0 && flags === RAM_FLAGS.flush) return FLUSH;
    throw cursor.error(`flags must be known and alone: they are 0x${hex(flags)}`, "address", at);
  }

  #page(cursor: Cursor, at: number, flags: number, address: number): RamItem {
    const isSame = (flags & RAM_FLAGS.continue) !== 0;
    const name = isSame ? undefined : cursor.shortText("block");
    const block = name === undefined ? this.#block : this.#blocks.get(name);
    if (block === undefined) {
      const listed = `block "${shownName(name ?? "")}" must be listed`;
      const reason = isSame ? "a block must be named first" : listed;
      throw cursor.error(reason, "block", at);
    }
    if (address >= block.size) {
      const reason = `must be inside of ${shownName(block.name)}: it is at 0x${hex(address)}`;
      throw cursor.error(reason, "address", at);
    }
    const item = this.#content(cursor, flags & ~RAM_FLAGS.continue, address);
    block[item.kind]++;
    this.#block = block;
    return name === undefined ? item : { ...item, block: name };
  }

  #content(cursor: Cursor, flag: number, address: number) {
    switch (flag) {
      case RAM_FLAGS.fill:
        return { kind: "fill", address, octet: cursor.u8("fill") } as const;
      case RAM_FLAGS.page:
        return { kind: "page", address, octets: cursor.take(this.#pageSize, "page") } as const;
      case RAM_FLAGS.compressed: {
        const length = cursor.u32("length");
        // Deflated octets are hardly more than a page, whatever is in it.
        if (length > 2 * this.#pageSize) {
          const reason = `must be at most ${2 * this.#pageSize}: current value is ${length}`;
          throw cursor.error(reason, "length");
        }
        const octets = cursor.take(length, "compressed");
        return { kind: "compressed", address, octets } as const;
      }
      default: {
        const head = cursor.u8("head");
        if (head !== XBZRLE_HEAD) {
          throw cursor.error(`must be ${XBZRLE_HEAD}: current value is ${head}`, "head");
        }
        const octets = cursor.take(cursor.u16("length"), "xbzrle");
        return { kind: "xbzrle", address, octets } as const;
      }
    }
  }

  /** Blocks, until they have `total` octets. */
  #list(cursor: Cursor, at: number, total: number): RamItem {
    const blocks: RamBlock[] = [];
    let size = 0;
    while (size < total) {
      if (blocks.length === BLOCKS_MAX) throw tooMany(cursor, at);
      const name = cursor.shortText("block");
      const length = Number(cursor.u64("size"));
      size += length;
      // Beyond this, addresses are not exact.
      if (size > total || size > Number.MAX_SAFE_INTEGER) {
        const reason = `blocks must have ${total} octets together: they have ${size}`;
        throw cursor.error(reason, name, at);
      }
      const address = this.#hasAddresses ? { address: cursor.u64("guest address") } : {};
      blocks.push({ name, size: length, ...address });
    }
    for (const { name, size } of blocks) {
      this.#blocks.set(name, { name, size, fill: 0, page: 0, xbzrle: 0, compressed: 0 });
    }
    // Lists may be as many as sections.
    if (this.#blocks.size > BLOCKS_MAX) throw tooMany(cursor, at);
    return { kind: "blocks", blocks };
  }
}

function tooMany(cursor: Cursor, at: number): StreamError {
  return cursor.error(`at most ${BLOCKS_MAX} blocks may come`, "blocks", at);
}

function hex(value: number): string {
  return value.toString(16);
}
