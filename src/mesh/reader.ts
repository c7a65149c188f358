/**
 * Reads the values of mesh's protobuf dialect.
 *
 * The input is copied once, and the octets in a value are views into that copy: a value is safe to
 * keep and to change whatever happens to the caller's bytes. Copying field by field would let a
 * small field outlive a large state cheaply, but costs more than all the rest of the decoding.
 *
 * Source: mesh_protobuf, encoding.rs and protobuf.rs (`FieldReader`).
 *
 * @module
 */
import { doubleOfHalves, singleOfBits } from "../bytes/float.ts";
import { textOfUtf8 } from "../bytes/utf8.ts";
import { bigintOfHalves } from "../bytes/wide.ts";
import type { Duration } from "../schema/type.ts";
import { Cursor } from "./cursor.ts";
import { REASON } from "./error.ts";

/** A field that the schema does not have. */
export interface UnknownField {
  /** The message, by its path from the root. */
  readonly path: string;
  readonly number: number;
  readonly wireType: number;
  /** First byte of the record in the whole input. */
  readonly offset: number;
  /** Bytes of the record with its tag. */
  readonly length: number;
}

/** A field that the schema has, for when its record has the wrong wire type. */
export interface KnownField {
  readonly name: string;
  /** The reason. */
  readonly expected: string;
}

/**
 * The most octets that one decode fills with zeros for structs that are not in the input: an empty
 * record of two bytes may stand for kilobytes. mesh itself has no such limit; 16,384 controllers
 * without identify data reach it.
 */
export const ZEROED_MAX = 64 * 2 ** 20;

const NO_OCTETS = new Uint8Array(0);

/** Unknown fields that are listed; hostile input has millions. */
export const UNKNOWN_MAX = 10_000;

/** Reads values, and lists unknown fields. */
export class Reader extends Cursor {
  readonly #unknown: UnknownField[] = [];
  #zeroed = 0;

  /** The unknown fields so far; traced decoders only. */
  get unknown(): readonly UnknownField[] {
    return this.#unknown;
  }

  bool(end: number): boolean {
    const low = this.wide(end);
    return low !== 0 || this.high !== 0;
  }

  uint64(end: number): bigint {
    const low = this.wide(end);
    return bigintOfHalves(low, this.high);
  }

  int64(end: number): bigint {
    return BigInt.asIntN(64, this.uint64(end));
  }

  /** A zigzag varint cut to 32 bits. */
  zigzag32(end: number): number {
    const low = this.wide(end);
    return ((low >>> 1) | (this.high << 31)) ^ -(low & 1);
  }

  zigzag64(end: number): bigint {
    const value = this.uint64(end);
    return BigInt.asIntN(64, (value >> 1n) ^ -(value & 1n));
  }

  /** As {@linkcode zigzag64}, with the defect that `unzigzagShiftsSign` describes. */
  zigzag64Shifted(end: number): bigint {
    const value = BigInt.asIntN(64, this.uint64(end));
    return (value >> 1n) ^ -(value & 1n);
  }

  char(end: number): string {
    const code = this.wide(end);
    if (this.high !== 0 || code > 0x10_ffff || (code >= 0xd800 && code < 0xe000)) {
      this.fail(REASON.utf32);
    }
    return String.fromCodePoint(code);
  }

  nonZero<N extends number | bigint>(value: N): N {
    if (!value) this.fail(REASON.zero);
    return value;
  }

  fixed32(end: number): number {
    const at = this.take(4, end, REASON.eofFixed32);
    return this.word(at);
  }

  single(end: number): number {
    return singleOfBits(this.fixed32(end));
  }

  double(end: number): number {
    const at = this.take(8, end, REASON.eofFixed64);
    return doubleOfHalves(this.word(at), this.word(at + 4));
  }

  string(end: number): string {
    const stop = this.end(end);
    const text = textOfUtf8(this.bytes, this.pos, stop);
    if (text === undefined) this.fail(REASON.utf8);
    this.pos = stop;
    return text as string;
  }

  /** Octets up to `stop`, behind those that were there before. */
  octets(stop: number, before: Uint8Array | undefined | null): Uint8Array {
    const { pos } = this;
    this.pos = stop;
    if (before === undefined || before === null || before.length === 0) {
      return stop === pos ? NO_OCTETS : this.bytes.subarray(pos, stop);
    }
    return this.#join(before, pos, stop);
  }

  /** Appends with room to spare, lest many small occurrences are copied over and over. */
  #join(before: Uint8Array, pos: number, stop: number): Uint8Array {
    const length = before.length + stop - pos;
    let room = new Uint8Array(before.buffer as ArrayBuffer);
    if (before.buffer === this.bytes.buffer || room.length < length) {
      room = new Uint8Array(2 * length);
      room.set(before);
    }
    room.set(this.bytes.subarray(pos, stop), before.length);
    return room.subarray(0, length);
  }

  /** Exactly `length` octets. */
  exactly(length: number, end: number, reason: string): Uint8Array {
    const stop = this.end(end);
    if (stop - this.pos !== length) this.fail(reason);
    return this.octets(stop, undefined);
  }

  u128(end: number): bigint {
    const stop = this.end(end);
    const at = this.pos;
    if (stop - at !== 16) this.fail(REASON.u128);
    this.pos = stop;
    const upper = bigintOfHalves(this.word(at + 8), this.word(at + 12));
    return (upper << 64n) | bigintOfHalves(this.word(at), this.word(at + 4));
  }

  /** `length` zeros for a struct that is not in the input. */
  zeros(length: number): Uint8Array {
    this.#zeroed += length;
    if (this.#zeroed > ZEROED_MAX) this.fail(`more than ${ZEROED_MAX} bytes of absent structs`);
    return new Uint8Array(length);
  }

  /** Refuses a `Duration` that Rust cannot hold. */
  checkDuration({ secs, nanos }: Duration): void {
    if (secs >= 2n ** 63n || nanos >= 1_000_000_000) this.fail(REASON.durationRange);
  }

  /**
   * Passes over a record that has no place in the message. The record is read in full before its
   * number is looked up, as mesh does; `known` says what each known number should have held.
   */
  skip(tag: number, end: number, known: Readonly<Record<number, KnownField>>): void {
    this.pass(tag & 7, end);
    const field = known[Math.floor(tag / 8)];
    if (field === undefined) return;
    if (field.name !== "") this.enter(field.name);
    this.fail(field.expected);
  }

  /** Lists the record that began at {@linkcode record} as unknown. */
  note(tag: number): void {
    if (this.#unknown.length === UNKNOWN_MAX) return;
    const path = this.pathText();
    const [number, offset] = [Math.floor(tag / 8), this.record];
    this.#unknown.push({ path, number, wireType: tag & 7, offset, length: this.pos - offset });
  }
}
