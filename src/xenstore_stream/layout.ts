/**
 * In which of its forms a binary stream is written, and the stream as a whole.
 *
 * The specification says that `len` is the length of a record's body and that padding follows it;
 * C xenstored counts the padding in, and its reader adds `len` without rounding.
 *
 * Source: Xen, docs/designs/xenstore-migration.md; tools/xenstored/xenstore_state.h.
 *
 * @module
 */
import type { StreamRecord } from "./record.ts";

/** The draft of April 2020 (PATCH v3), or a version of the specification as it is implemented. */
export type Layout = "draft" | "1" | "2";

export type Order = "little" | "big";

/**
 * What `len` counts: `spec` the body alone; `padded` the padding too, as C xenstored writes;
 * `packed` the body alone, and the next record follows at once, which is how C xenstored reads.
 */
export type Lengths = "spec" | "padded" | "packed";

/**
 * Octets before the path of an extended watch: 12 in the specification; 8 as xenstored 4.22
 * writes it, with neither depth nor padding, and with the `len` of 12; 10 as 4.22 reads it.
 */
export type WatchHead = 12 | 8 | 10;

/** How records stand in the octets. */
export interface Shape {
  readonly layout: Layout;
  readonly order: Order;
  readonly lengths: Lengths;
  readonly watchHead: WatchHead;
}

/** A binary stream. */
export interface Stream extends Shape {
  /** Of the header, whatever the layout. */
  readonly version: number;
  /** Of the header: bit 0 is set for big-endian, all others are reserved. */
  readonly flags: number;
  /** In order; the last one is END, unless the stream has none. */
  readonly records: readonly StreamRecord[];
  /** What follows END. */
  readonly rest: Uint8Array;
}

/** `xenstore` in ASCII, then version and flags in big-endian order. */
export const IDENT = "xenstore";
export const HEADER_SIZE = 16;
/** `type` and `len`. */
export const RECORD_HEADER_SIZE = 8;
/** Records begin at multiples of this. */
export const ALIGNMENT = 8;

/** Octets of a stream: what one typed array holds in every runtime, with room for a copy. */
export const STREAM_SIZE_MAX = 2 ** 31 - 1;
/** Records of a stream: a store of a million nodes has a quarter of that. */
export const RECORDS_MAX = 2 ** 22;

/** The next multiple of {@linkcode ALIGNMENT}. */
export function aligned(size: number): number {
  // The mask sees the low bits alone and the sum is no 32-bit one: sizes go up to 2^32.
  return size + (-size & (ALIGNMENT - 1));
}
