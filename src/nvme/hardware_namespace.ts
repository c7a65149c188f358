/**
 * A namespace as the controller has it: its size and its content, block by block. A block that
 * nobody has written, or that was deallocated, reads as zeros and costs nothing.
 *
 * @module
 */
import { BLOCK_SIZE, identifyNamespace } from "./identify.ts";

const ZEROS = new Uint8Array(BLOCK_SIZE);

export class HardwareNamespace {
  readonly nsid: number;
  #blocks = 0n;
  /** The same as a number, which is what ranges are checked with. */
  #end = 0;
  /** Blocks are replaced and never written to, so that copies can share them. */
  readonly #content: Map<number, Uint8Array>;

  constructor(nsid: number, blocks: bigint, content: ReadonlyMap<number, Uint8Array> = new Map()) {
    this.nsid = nsid;
    this.#content = new Map(content);
    this.resize(blocks);
  }

  get blocks(): bigint {
    return this.#blocks;
  }

  /** Identify namespace structure. */
  get identify(): Uint8Array {
    return identifyNamespace(this.#blocks);
  }

  /** True when all of `count` blocks from `lba` on exist. */
  has(lba: number, count: number): boolean {
    return lba + count <= this.#end;
  }

  /** A block, to be read and not to be written. */
  read(lba: number): Uint8Array {
    return this.#content.get(lba) ?? ZEROS;
  }

  /** Takes over `block`, which nobody may write to from now on. */
  write(lba: number, block: Uint8Array): void {
    this.#content.set(lba, block);
  }

  deallocate(lba: number, count: number): void {
    if (count < this.#content.size) {
      for (let index = 0; index < count; index++) this.#content.delete(lba + index);
      return;
    }
    for (const written of this.#content.keys()) {
      if (written >= lba && written < lba + count) this.#content.delete(written);
    }
  }

  /** Changes the size; what lies behind the new end is gone. */
  resize(blocks: bigint): void {
    this.#blocks = blocks;
    this.#end = Number(blocks);
    for (const lba of this.#content.keys()) if (lba >= this.#end) this.#content.delete(lba);
  }

  fork(): HardwareNamespace {
    return new HardwareNamespace(this.nsid, this.#blocks, this.#content);
  }
}
