/**
 * Identify data structures: what a controller and a namespace say about themselves. Source: NVM
 * Express Base Specification 2.0c, figure 275, and NVM Command Set Specification 1.0c, figure 97.
 * Both are 4096 octets; equal ones are shared and must not be written to.
 *
 * @module
 */

/** Octets of an identify data structure. */
export const IDENTIFY_SIZE = 4096;
/** Base-two logarithm of a block's octets. */
const BLOCK_SHIFT = 9;
/** Structures kept for sharing; a run with more of them builds the rest anew. */
const SHARED_MAX = 64;

const shared = new Map<string, Uint8Array>();

/** Identify controller structure. */
export function identifyController(vendorId: number): Uint8Array {
  return share(`controller ${vendorId}`, (octets) => {
    octets[0] = vendorId;
    octets[1] = vendorId >> 8;
    putText(octets, 4, 20, "FT0001");
    putText(octets, 24, 40, "freezethaw reference controller");
    putText(octets, 64, 8, "1");
    octets[77] = 5; // MDTS: 2^5 pages, 128 KiB.
    octets[512] = 0x66; // SQES: 64 octets.
    octets[513] = 0x44; // CQES: 16 octets.
    octets[520] = 0x04; // ONCS: dataset management.
  });
}

/** Identify namespace structure; one of zeros when the namespace does not exist. */
export function identifyNamespace(blocks: bigint): Uint8Array {
  return share(`namespace ${blocks}`, (octets) => {
    if (blocks === 0n) return;
    for (const offset of [0, 8, 16]) putU64(octets, offset, blocks); // NSZE, NCAP, NUSE.
    octets[130] = BLOCK_SHIFT; // LBAF0.LBADS.
  });
}

/** NSZE of an identify namespace structure, in blocks. */
export function blocksOf(identify: Uint8Array): bigint {
  return (BigInt(getU32(identify, 4)) << 32n) | BigInt(getU32(identify, 0));
}

function share(name: string, fill: (octets: Uint8Array) => void): Uint8Array {
  const known = shared.get(name);
  if (known !== undefined) return known;
  const octets = new Uint8Array(IDENTIFY_SIZE);
  fill(octets);
  if (shared.size < SHARED_MAX) shared.set(name, octets);
  return octets;
}

function getU32(octets: Uint8Array, offset: number): number {
  const [a = 0, b = 0, c = 0, d = 0] = octets.subarray(offset, offset + 4);
  return ((d << 24) | (c << 16) | (b << 8) | a) >>> 0;
}

function putU64(octets: Uint8Array, offset: number, value: bigint): void {
  for (let index = 0; index < 8; index++) {
    octets[offset + index] = Number((value >> BigInt(8 * index)) & 0xffn);
  }
}

function putText(octets: Uint8Array, offset: number, length: number, text: string): void {
  for (let index = 0; index < length; index++) {
    octets[offset + index] = index < text.length ? text.charCodeAt(index) : 0x20;
  }
}
