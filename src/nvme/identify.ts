/**
 * Identify data structures: what a controller and a namespace say about themselves. Source: NVM
 * Express Base Specification 2.0c, 5.17, and NVM Command Set Specification 1.0c, 4.1.5. All are
 * 4096 octets; equal ones are shared and must not be written to.
 *
 * @module
 */
import { u64At } from "../bytes/read_little_endian.ts";
import { putU16, putU32, putU64 } from "../bytes/write_little_endian.ts";
import { VS_2_0 } from "./registers.ts";

/** Octets of an identify data structure. */
export const IDENTIFY_SIZE = 4096;
/** Base-two logarithm of a block's octets, and the octets. */
export const BLOCK_SHIFT = 9;
export const BLOCK_SIZE = 1 << BLOCK_SHIFT;
/** MDTS: a command moves at most 2^MDTS pages. */
export const MDTS = 5;
/** NN: the highest namespace identifier that can exist. */
export const NSID_MAX = 1024;
/** Asynchronous event requests that can be outstanding; AERL is one less. */
export const EVENT_REQUESTS_MAX = 8;
/** Entries of the error log; ELPE is one less. */
export const ERROR_ENTRIES_MAX = 64;
/** Structures kept for sharing; a run with more of them builds the rest anew. */
const SHARED_MAX = 64;

const shared = new Map<string, Uint8Array>();

/** Identify controller structure. */
export function identifyController(vendorId: number): Uint8Array {
  return share(`controller ${vendorId}`, (octets) => {
    putU16(octets, 0, vendorId); // VID.
    putU16(octets, 2, vendorId); // SSVID.
    putText(octets, 4, 20, "FT0001"); // SN.
    putText(octets, 24, 40, "freezethaw reference controller"); // MN.
    putText(octets, 64, 8, "1"); // FR.
    octets[77] = MDTS;
    putU32(octets, 80, VS_2_0); // VER.
    putU32(octets, 92, 0x100); // OAES: namespace attribute notices.
    octets[111] = 1; // CNTRLTYPE: I/O controller.
    octets[258] = 3; // ACL: aborts at once, less one.
    octets[259] = EVENT_REQUESTS_MAX - 1; // AERL.
    octets[262] = ERROR_ENTRIES_MAX - 1; // ELPE.
    octets[512] = 0x66; // SQES: 64 octets.
    octets[513] = 0x44; // CQES: 16 octets.
    putU32(octets, 516, NSID_MAX); // NN.
    putU16(octets, 520, 0x0c); // ONCS: dataset management, write zeroes.
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
  return u64At(identify, 0);
}

/** Namespace list: those of `nsids` above `nsid`, in order, as many as fit. */
export function namespaceList(nsids: Iterable<number>, nsid: number): Uint8Array {
  const octets = new Uint8Array(IDENTIFY_SIZE);
  const above = [...nsids].filter((other) => other > nsid).sort((left, right) => left - right);
  const fitting = above.slice(0, IDENTIFY_SIZE / 4);
  for (const [index, other] of fitting.entries()) putU32(octets, 4 * index, other);
  return octets;
}

function share(name: string, fill: (octets: Uint8Array) => void): Uint8Array {
  const known = shared.get(name);
  if (known !== undefined) return known;
  const octets = new Uint8Array(IDENTIFY_SIZE);
  fill(octets);
  if (shared.size < SHARED_MAX) shared.set(name, octets);
  return octets;
}

function putText(octets: Uint8Array, offset: number, length: number, text: string): void {
  for (let index = 0; index < length; index++) {
    octets[offset + index] = index < text.length ? text.charCodeAt(index) : 0x20;
  }
}
