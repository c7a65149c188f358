/**
 * The guest's disk as an image that can hold snapshots: qcow2, version 3, with one cluster of data.
 *
 * Source: QEMU, docs/interop/qcow2.txt.
 *
 * @module
 */
import { Buffer } from "node:buffer";

const CLUSTER_BITS = 16;
const CLUSTER = 1 << CLUSTER_BITS;
const HEADER_LENGTH = 104;
/** Counts of references are of 2^4 bits. */
const REFCOUNT_ORDER = 4;
/** "This cluster is in use once", in both tables of the mapping. */
const COPIED = 1n << 63n;
/** Clusters, in order: the header is the first. */
const PLACES = { counts: 1, block: 2, l1: 3, l2: 4, content: 5, end: 6 } as const;

/** An image of a disk of which only the first 64 KiB are not zeros. */
export function imageOf(disk: Uint8Array): Uint8Array {
  if (disk.subarray(CLUSTER).some((octet) => octet !== 0)) {
    throw new RangeError("Cannot make image as only the first cluster of the disk must have data");
  }
  const image = Buffer.alloc(PLACES.end * CLUSTER);
  const place = (cluster: number) => BigInt(cluster * CLUSTER);
  image.write("QFI\xfb", 0, "latin1");
  for (const [value, at] of [
    [3, 4], // Version.
    [CLUSTER_BITS, 20],
    [1, 36], // Entries of the first table.
    [1, 56], // Clusters of the table of counts.
    [REFCOUNT_ORDER, 96],
    [HEADER_LENGTH, 100],
  ] as const) {
    image.writeUInt32BE(value, at);
  }
  image.writeBigUInt64BE(BigInt(disk.length), 24);
  image.writeBigUInt64BE(place(PLACES.l1), 40);
  image.writeBigUInt64BE(place(PLACES.counts), 48);
  image.writeBigUInt64BE(place(PLACES.block), PLACES.counts * CLUSTER);
  for (let cluster = 0; cluster < PLACES.end; cluster++) {
    image.writeUInt16BE(1, PLACES.block * CLUSTER + 2 * cluster);
  }
  image.writeBigUInt64BE(place(PLACES.l2) | COPIED, PLACES.l1 * CLUSTER);
  image.writeBigUInt64BE(place(PLACES.content) | COPIED, PLACES.l2 * CLUSTER);
  image.set(disk.subarray(0, CLUSTER), PLACES.content * CLUSTER);
  return image;
}
