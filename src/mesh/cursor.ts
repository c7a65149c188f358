/**
 * A position in bytes of mesh's protobuf dialect, and the path that led there. Every read is
 * bounded by the end of the message that it belongs to, so a length is checked against what is
 * there before anything is allocated.
 *
 * Source: mesh_protobuf, protobuf.rs (`read_varint`, `parse_field`). Saved state has no resources
 * (file descriptors, ports), hence nothing but refusals for them.
 *
 * @module
 */
import { copyOf } from "../bytes/slab.ts";
import { MeshError, pathText, REASON } from "./error.ts";

/** Reads tags, lengths and varints, and passes over records. */
export class Cursor {
  /** Next byte to read. */
  pos = 0;
  /** Bits 32 to 63 of the varint read last by {@linkcode wide}. */
  high = 0;
  /** First byte of the record being read; kept by traced decoders only. */
  record = 0;
  readonly bytes: Uint8Array;
  readonly #root: string;
  #path: string[] | undefined;

  /** Starts at the beginning of a copy of `bytes`, which is a message called `root`. */
  constructor(bytes: Uint8Array, root: string) {
    this.bytes = copyOf(bytes);
    this.#root = root;
  }

  /** The number and wire type of the next record: `number * 8 + wireType`. */
  tag(end: number): number {
    const at = this.pos;
    const first = this.bytes[at] as number;
    if (first < 128) {
      this.pos = at + 1;
      return first;
    }
    const low = this.#varint(end);
    // The number is cut to 32 bits, so bits 32 to 34 of the key count and higher ones do not.
    return (this.high & 7) * 2 ** 32 + low;
  }

  /** A varint cut to 32 bits. */
  uint32(end: number): number {
    const at = this.pos;
    if (at < end) {
      const first = this.bytes[at] as number;
      if (first < 128) {
        this.pos = at + 1;
        return first;
      }
    }
    return this.#varint(end);
  }

  /** A varint: bits 0 to 31 are returned, the upper ones left in {@linkcode high}. */
  wide(end: number): number {
    const at = this.pos;
    if (at < end) {
      const first = this.bytes[at] as number;
      if (first < 128) {
        this.pos = at + 1;
        this.high = 0;
        return first;
      }
    }
    return this.#varint(end);
  }

  /** As {@linkcode wide}, for any number of octets up to ten. */
  #varint(end: number): number {
    const { bytes } = this;
    let low = 0;
    let at = this.pos;
    for (let shift = 0; shift < 28; shift += 7) {
      if (at >= end) this.fail(REASON.eofVarint);
      const octet = bytes[at++] as number;
      low |= (octet & 127) << shift;
      if (octet < 128) {
        this.pos = at;
        this.high = 0;
        return low;
      }
    }
    return this.#rest(end, at, low);
  }

  /** The fifth octet, which spans the halves, and on. Of the tenth only the lowest bit counts. */
  #rest(end: number, from: number, low: number): number {
    const { bytes } = this;
    let at = from;
    if (at >= end) this.fail(REASON.eofVarint);
    let octet = bytes[at++] as number;
    const full = (low | (octet << 28)) >>> 0;
    let high = (octet & 127) >>> 4;
    for (let shift = 3; octet > 127; shift += 7) {
      if (shift > 31) this.fail(REASON.varintTooBig);
      if (at >= end) this.fail(REASON.eofVarint);
      octet = bytes[at++] as number;
      high |= (octet & 127) << shift;
    }
    this.pos = at;
    this.high = high >>> 0;
    return full;
  }

  /** The end of a length-delimited record. */
  end(end: number): number {
    const at = this.pos;
    const first = at < end ? (this.bytes[at] as number) : 128;
    let length = first;
    if (first < 128) {
      this.pos = at + 1;
    } else {
      length = this.#varint(end);
      if (this.high !== 0) this.fail(REASON.eofBytes);
    }
    const stop = this.pos + length;
    if (stop > end) this.fail(REASON.eofBytes);
    return stop;
  }

  /** The end of a record that holds a message, of wire type 2 or 6. */
  messageEnd(tag: number, end: number): number {
    if ((tag & 7) === 2) return this.end(end);
    const resources = this.#varint(end);
    const length = this.#varint(end);
    if (resources !== 0) this.fail(REASON.resourceRange);
    const stop = this.pos + length;
    if (this.high !== 0 || stop > end) this.fail(REASON.eofBytes);
    return stop;
  }

  /** Passes over what follows a tag. */
  pass(wireType: number, end: number): void {
    switch (wireType) {
      case 0:
        this.#varint(end);
        return;
      case 1:
        this.take(8, end, REASON.eofFixed64);
        return;
      case 2:
      case 6:
        this.pos = this.messageEnd(wireType, end);
        return;
      case 5:
        this.take(4, end, REASON.eofFixed32);
        return;
      case 7:
        this.fail(REASON.missingResource);
        break;
      default:
        this.fail(`${REASON.wireType} ${wireType}`);
    }
  }

  /** Passes over `length` octets and returns where they begin. */
  take(length: number, end: number, eof: string): number {
    const at = this.pos;
    if (end - at < length) this.fail(eof);
    this.pos = at + length;
    return at;
  }

  /** The unsigned 32-bit integer at `at`, the low octet first. */
  word(at: number): number {
    const { bytes } = this;
    const upper = ((bytes[at + 3] as number) << 8) | (bytes[at + 2] as number);
    return ((upper << 16) | ((bytes[at + 1] as number) << 8) | (bytes[at] as number)) >>> 0;
  }

  enter(name: string): void {
    this.#path ??= [];
    this.#path.push(name);
  }

  leave(): void {
    this.#path?.pop();
  }

  /** Refuses the record being read. */
  fail(reason: string): never {
    throw new MeshError(reason, this.record, this.pathText());
  }

  /** Refuses a message that ends at `end` without `name`. */
  missing(reason: string, end: number, name: string): never {
    this.record = end;
    if (name !== "") this.enter(name);
    this.fail(reason);
  }

  /** The fields from the root down to here. */
  pathText(): string {
    return pathText(this.#root, this.#path);
  }
}
