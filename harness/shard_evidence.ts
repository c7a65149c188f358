/**
 * What a shard has covered, as text in its report: bits, deflated, in base64.
 *
 * @module
 */
import { deflateRawSync, inflateRawSync } from "node:zlib";

/** Octets of the bits of one strength; a space has at most so many tuples. */
const OCTETS_MAX = 1 << 25;

export function packedBits(bits: Uint8Array): string {
  return deflateRawSync(bits).toString("base64");
}

/** The bits of `packed`. Throws when it holds none. */
export function unpackedBits(packed: string): Uint8Array {
  return inflateRawSync(Buffer.from(packed, "base64"), { maxOutputLength: OCTETS_MAX });
}

/** How many bits are set in some of `all`. */
export function bitsInAny(all: readonly Uint8Array[]): number {
  const [first = new Uint8Array(0), ...others] = all;
  let count = 0;
  for (let at = 0; at < first.length; at++) {
    let octet = first[at] ?? 0;
    for (const bits of others) octet |= bits[at] ?? 0;
    for (; octet !== 0; octet &= octet - 1) count++;
  }
  return count;
}
