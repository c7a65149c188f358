/**
 * What a guest writes into a block: octets that tell who wrote it, where and when, so that a block
 * out of place, an older one, or half of one is recognised by its content alone.
 *
 * @module
 */
import { u32At } from "../bytes/read_little_endian.ts";
import { putU32 } from "../bytes/write_little_endian.ts";

/** Octets of a block. */
export const BLOCK_SIZE = 512;
/** "FRTH", the first four octets of every block that a guest has written. */
const MAGIC = 0x48_54_52_46;

const scratch = new Uint8Array(BLOCK_SIZE);

/** Fills `octets` with what the write `tag` puts into block `lba`; tag 0 is a block of zeros. */
export function fillBlock(octets: Uint8Array, tag: number, lba: number): void {
  if (tag === 0) {
    octets.fill(0);
    return;
  }
  octets.fill((tag * 7 + lba) % 251);
  putU32(octets, 0, MAGIC);
  putU32(octets, 4, tag);
  putU32(octets, 8, lba);
  putU32(octets, BLOCK_SIZE - 4, tag ^ lba);
}

/** The write that `octets` hold whole; null when they are of none, or of another block. */
export function tagOf(octets: Uint8Array, lba: number): number | null {
  const tag = u32At(octets, 0) === MAGIC ? u32At(octets, 4) : 0;
  fillBlock(scratch, tag, lba);
  return Buffer.compare(octets, scratch) === 0 ? tag : null;
}

/** What `octets` seem to be, in a few words. */
export function describeBlock(octets: Uint8Array, lba: number): string {
  const tag = tagOf(octets, lba);
  if (tag === 0) return "zeros";
  if (tag !== null) return `write ${tag}`;
  if (u32At(octets, 0) !== MAGIC) return "what no guest wrote";
  return `parts of write ${u32At(octets, 4)} to block ${u32At(octets, 8)}`;
}
