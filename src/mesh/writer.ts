/**
 * Writes values of mesh's protobuf dialect, backwards, and refuses those that their type cannot
 * hold. A record's tag is written by the caller, after its value.
 *
 * Source: mesh_protobuf, protobuf.rs (`FieldWriter`) and encoding.rs.
 *
 * @module
 */
import { BackWriter } from "../bytes/back_writer.ts";
import { bitsOfSingle, halvesOfDouble } from "../bytes/float.ts";
import { highHalf, lowHalf } from "../bytes/wide.ts";
import type { Duration } from "../schema/type.ts";

/** Doubles below this are exact integers. */
const EXACT = 2 ** 53;
const SECS_MAX = 2n ** 63n;

/** Where the value is that cannot be encoded. */
export class EncodeError extends TypeError {
  override readonly name = "EncodeError";
  readonly path: string;

  constructor(path: string, requirement: string, value: unknown) {
    super(`Cannot encode ${path} as it must be ${requirement}: current value is ${shown(value)}`);
    this.path = path;
  }
}

/** A buffer, and the path to the value being written. */
export class Writer extends BackWriter {
  #path: string[] = [];

  /** Begins the message `root`. */
  begin(root: string): void {
    this.clear();
    this.#path = [root];
  }

  enter(name: string): void {
    this.#path.push(name);
  }

  leave(): void {
    this.#path.pop();
  }

  refuse(requirement: string, value: unknown): never {
    const path = this.#path.reduce(
      (all, name) => `${all}${name.startsWith("[") ? "" : "."}${name}`,
    );
    throw new EncodeError(path, requirement, value);
  }

  object(value: unknown): void {
    if (typeof value !== "object" || value === null) this.refuse("an object", value);
  }

  list(value: unknown): void {
    if (!Array.isArray(value)) this.refuse("an array", value);
  }

  listOf(value: unknown, length: number): void {
    this.list(value);
    if ((value as unknown[]).length !== length) this.refuse(`an array of ${length}`, value);
  }

  unsigned(value: number, most: number): void {
    if (typeof value !== "number" || value >>> 0 !== value || value > most) {
      this.refuse(`an integer from 0 to ${most}`, value);
    }
    this.varint32(value);
  }

  zigzag(value: number, most: number): void {
    if (typeof value !== "number" || (value | 0) !== value || value > most || value < -1 - most) {
      this.refuse(`an integer from ${-1 - most} to ${most}`, value);
    }
    this.varint32(((value << 1) ^ (value >> 31)) >>> 0);
  }

  signed(value: number): void {
    if (typeof value !== "number" || (value | 0) !== value)
      this.refuse("an integer of 32 bits", value);
    this.varint64(value >>> 0, value < 0 ? 0xffff_ffff : 0);
  }

  unsigned64(value: bigint): void {
    if (typeof value !== "bigint") this.refuse("a bigint", value);
    const near = Number(value);
    if (near >= 0 && near < EXACT) {
      if (near < 0x8000_0000) this.varint32(near);
      else this.varint64(near >>> 0, (near / 2 ** 32) >>> 0);
      return;
    }
    if (BigInt.asUintN(64, value) !== value) this.refuse("an unsigned integer of 64 bits", value);
    this.varint64(lowHalf(value), highHalf(value));
  }

  zigzag64(value: bigint): void {
    this.#checkSigned(value);
    this.unsigned64(BigInt.asUintN(64, (value << 1n) ^ (value >> 63n)));
  }

  signed64(value: bigint): void {
    this.#checkSigned(value);
    this.unsigned64(BigInt.asUintN(64, value));
  }

  nonZero(value: number): void {
    if (value === 0) this.refuse("a non-zero integer", value);
    this.unsigned(value, 0xffff_ffff);
  }

  nonZero64(value: bigint): void {
    if (value === 0n) this.refuse("a non-zero integer", value);
    this.unsigned64(value);
  }

  bool(value: boolean): void {
    if (typeof value !== "boolean") this.refuse("true or false", value);
    this.octet(value ? 1 : 0);
  }

  char(value: string): void {
    const code = typeof value === "string" ? value.codePointAt(0) : undefined;
    if (code === undefined || String.fromCodePoint(code) !== value || !value.isWellFormed()) {
      this.refuse("a string of one character", value);
    }
    this.varint32(code as number);
  }

  double(value: number): void {
    if (typeof value !== "number") this.refuse("a number", value);
    const { low, high } = halvesOfDouble(value);
    this.fixed32(high);
    this.fixed32(low);
  }

  single(value: number): void {
    if (typeof value !== "number") this.refuse("a number", value);
    this.fixed32(bitsOfSingle(value));
  }

  word(value: number): void {
    if (typeof value !== "number" || value >>> 0 !== value)
      this.refuse("an unsigned integer of 32 bits", value);
    this.fixed32(value);
  }

  u128(value: bigint): void {
    if (typeof value !== "bigint") this.refuse("a bigint", value);
    if (BigInt.asUintN(128, value) !== value) this.refuse("an unsigned integer of 128 bits", value);
    for (const shift of [96n, 64n, 32n, 0n]) {
      this.fixed32(Number(BigInt.asUintN(32, value >> shift)));
    }
    this.octet(16);
  }

  string(value: string): void {
    if (typeof value !== "string") this.refuse("a string", value);
    const before = this.length;
    if (!this.ascii(value)) {
      if (!value.isWellFormed()) this.refuse("a string without lone surrogates", value);
      this.utf8(value);
    }
    this.varint32(this.length - before);
  }

  bytes(value: Uint8Array): void {
    if (!(value instanceof Uint8Array)) this.refuse("a Uint8Array", value);
    this.octets(value);
    this.varint32(value.length);
  }

  exactly(value: Uint8Array, length: number): void {
    if (!(value instanceof Uint8Array) || value.length !== length) {
      this.refuse(`a Uint8Array of ${length}`, value);
    }
    this.bytes(value);
  }

  isZero(value: Uint8Array): boolean {
    return value instanceof Uint8Array && value.every((octet) => octet === 0);
  }

  duration({ secs, nanos }: Duration): void {
    if (typeof secs !== "bigint" || secs < 0n || secs >= SECS_MAX) {
      this.refuse("a duration with secs below 2^63", secs);
    }
    if (typeof nanos !== "number" || nanos >>> 0 !== nanos || nanos >= 1_000_000_000) {
      this.refuse("a duration with nanos below 1000000000", nanos);
    }
    if (nanos !== 0) {
      this.varint32(nanos);
      this.octet(0x10);
    }
    if (secs !== 0n) {
      this.unsigned64(secs);
      this.octet(0x08);
    }
  }

  /** The entries of a map in the order of their keys, as Rust's `BTreeMap` has them. */
  entries(value: unknown): (readonly [unknown, unknown])[] {
    if (!(value instanceof Map)) this.refuse("a Map", value);
    return [...(value as Map<unknown, unknown>)].sort(([a], [b]) => compareKeys(a, b));
  }

  #checkSigned(value: bigint): void {
    if (typeof value !== "bigint") this.refuse("a bigint", value);
    if (BigInt.asIntN(64, value) !== value) this.refuse("an integer of 64 bits", value);
  }
}

/** Numbers by size, strings by code point, which is also the order of their UTF-8. */
function compareKeys(a: unknown, b: unknown): number {
  if (typeof a !== "string" || typeof b !== "string") {
    return (a as number) < (b as number) ? -1 : 1;
  }
  const [left, right] = [[...a], [...b]];
  const at = left.findIndex((character, i) => character !== right[i]);
  if (at < 0) return left.length - right.length;
  return (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? -1);
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (value instanceof Uint8Array) return `a Uint8Array of ${value.length}`;
  if (typeof value === "object" && value !== null) return "an object";
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
