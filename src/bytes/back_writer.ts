/**
 * A growing buffer that is filled from its end to its beginning. A length that precedes its
 * content is known by the time it is written, so one pass is enough and nothing is moved.
 *
 * @module
 */
import { copyOf } from "./slab.ts";
import { utf8OfText } from "./utf8.ts";

/** Octets of a fresh buffer. */
const CAPACITY_MIN = 4096;
/** The most octets that one writer holds. */
export const CAPACITY_MAX = 2 ** 30;
/** Up to this many characters a loop is faster than the encoder of the runtime. */
const ASCII_MAX = 64;
/** No single number takes more octets than this. */
const NUMBER_MAX = 16;

/** Writes backwards: what is written last comes first in the result. */
export class BackWriter {
  #bytes = new Uint8Array(CAPACITY_MIN);
  /** Index of the first octet in use. */
  #at = CAPACITY_MIN;

  /** Octets written so far. */
  get length(): number {
    return this.#bytes.length - this.#at;
  }

  /** Octets that the buffer has room for in total. */
  get capacity(): number {
    return this.#bytes.length;
  }

  /** Forgets what was written and keeps the buffer. */
  clear(): void {
    this.#at = this.#bytes.length;
  }

  /** A copy of what was written. */
  toBytes(): Uint8Array {
    return copyOf(this.#bytes.subarray(this.#at));
  }

  octet(value: number): void {
    if (this.#at === 0) this.#grow(1);
    this.#bytes[--this.#at] = value;
  }

  octets(value: Uint8Array): void {
    const { length } = value;
    if (this.#at < length) this.#grow(length);
    const bytes = this.#bytes;
    let at = this.#at - length;
    this.#at = at;
    if (length > 32) {
      bytes.set(value, at);
    } else {
      for (let i = 0; i < length; i++) bytes[at++] = value[i] as number;
    }
  }

  /** Writes `text` when it is short and ASCII; otherwise writes nothing and says so. */
  ascii(text: string): boolean {
    const { length } = text;
    if (length > ASCII_MAX) return false;
    if (this.#at < length) this.#grow(length);
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = length - 1; i >= 0; i--) {
      const code = text.charCodeAt(i);
      if (code > 127) return false;
      bytes[--at] = code;
    }
    this.#at = at;
    return true;
  }

  /** Writes well-formed `text` as UTF-8. */
  utf8(text: string): void {
    this.octets(utf8OfText(text));
  }

  /** Writes an unsigned 32-bit integer, the low octet first. */
  fixed32(value: number): void {
    if (this.#at < NUMBER_MAX) this.#grow(NUMBER_MAX);
    const bytes = this.#bytes;
    bytes[--this.#at] = value >>> 24;
    bytes[--this.#at] = value >>> 16;
    bytes[--this.#at] = value >>> 8;
    bytes[--this.#at] = value;
  }

  /** Writes an unsigned 32-bit integer in groups of seven bits. */
  varint32(value: number): void {
    if (this.#at < NUMBER_MAX) this.#grow(NUMBER_MAX);
    const bytes = this.#bytes;
    let at = this.#at;
    if (value < 0x80) {
      bytes[--at] = value;
    } else if (value < 0x4000) {
      bytes[--at] = value >>> 7;
      bytes[--at] = value | 0x80;
    } else {
      let last = value < 0x20_0000 ? 14 : value < 0x1000_0000 ? 21 : 28;
      bytes[--at] = value >>> last;
      for (last -= 7; last >= 0; last -= 7) bytes[--at] = (value >>> last) | 0x80;
    }
    this.#at = at;
  }

  /** Writes an unsigned 64-bit integer, given as halves, in groups of seven bits. */
  varint64(low: number, high: number): void {
    if (high === 0) {
      this.varint32(low);
      return;
    }
    if (high < 8) {
      this.octet((high << 4) | (low >>> 28));
    } else {
      this.varint32(high >>> 3);
      this.octet((high << 4) | (low >>> 28) | 0x80);
    }
    this.#lowGroups(low);
  }

  /** The lower 28 bits of a number that goes on. */
  #lowGroups(low: number): void {
    if (this.#at < NUMBER_MAX) this.#grow(NUMBER_MAX);
    const bytes = this.#bytes;
    bytes[--this.#at] = (low >>> 21) | 0x80;
    bytes[--this.#at] = (low >>> 14) | 0x80;
    bytes[--this.#at] = (low >>> 7) | 0x80;
    bytes[--this.#at] = low | 0x80;
  }

  #grow(more: number): void {
    const { length } = this;
    let capacity = this.#bytes.length;
    while (capacity < length + more) capacity *= 2;
    if (capacity > CAPACITY_MAX) {
      throw new RangeError(
        `Cannot write bytes as one buffer holds ${CAPACITY_MAX}: current value is ${length + more}`,
      );
    }
    const bytes = new Uint8Array(capacity);
    bytes.set(this.#bytes.subarray(this.#at), capacity - length);
    this.#bytes = bytes;
    this.#at = capacity - length;
  }
}
