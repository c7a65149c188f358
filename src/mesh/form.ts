/**
 * How each type looks on the wire: its wire type, whether it packs, whether it must be wrapped,
 * and the expressions that read and write it in generated code. In an expression `END` stands for
 * the end of the message, `V` for the value, `r` and `w` for the reader and the writer.
 *
 * Source: mesh_protobuf, encoding.rs (`default_encodings!`).
 *
 * @module
 */
import type { ScalarKind, Type } from "../schema/type.ts";
import { REASON } from "./error.ts";
import type { Release } from "./release.ts";

/** A type that one expression reads and one writes. */
export interface ScalarForm {
  readonly wireType: 0 | 1 | 2 | 5;
  /** The reason when the wire type is another one. */
  readonly expected: string;
  /** Whether a `Vec` of it is one record. */
  readonly packs: boolean;
  readonly read: string;
  readonly write: string;
  /** The value that is not written; `undefined` for a type that has no default. */
  readonly zero: string | undefined;
}

function varint(read: string, write: string, zero: string | undefined): ScalarForm {
  return { wireType: 0, expected: REASON.expectedVarint, packs: true, read, write, zero };
}

function fixed(wireType: 1 | 5, read: string, write: string): ScalarForm {
  const expected = wireType === 1 ? REASON.expectedFixed64 : REASON.expectedFixed32;
  return { wireType, expected, packs: true, read, write, zero: "0" };
}

function lengthDelimited(read: string, write: string, zero: string): ScalarForm {
  return { wireType: 2, expected: REASON.expectedBytes, packs: false, read, write, zero };
}

const FORMS: Partial<Record<ScalarKind, ScalarForm>> = {
  u8: varint("r.uint32(END) & 255", "w.unsigned(V, 255)", "0"),
  u16: varint("r.uint32(END) & 65535", "w.unsigned(V, 65535)", "0"),
  u32: varint("r.uint32(END)", "w.unsigned(V, 4294967295)", "0"),
  u64: varint("r.uint64(END)", "w.unsigned64(V)", "0n"),
  usize: varint("r.uint64(END)", "w.unsigned64(V)", "0n"),
  i8: varint("r.zigzag32(END) << 24 >> 24", "w.zigzag(V, 127)", "0"),
  i16: varint("r.zigzag32(END) << 16 >> 16", "w.zigzag(V, 32767)", "0"),
  i32: varint("r.zigzag32(END)", "w.zigzag(V, 2147483647)", "0"),
  i64: varint("r.zigzag64(END)", "w.zigzag64(V)", "0n"),
  isize: varint("r.zigzag64(END)", "w.zigzag64(V)", "0n"),
  i32Varint: varint("r.uint32(END) | 0", "w.signed(V)", "0"),
  i64Varint: varint("r.int64(END)", "w.signed64(V)", "0n"),
  nonZeroU32: varint("r.nonZero(r.uint32(END))", "w.nonZero(V)", undefined),
  nonZeroU64: varint("r.nonZero(r.uint64(END))", "w.nonZero64(V)", undefined),
  bool: varint("r.bool(END)", "w.bool(V)", "false"),
  char: varint("r.char(END)", "w.char(V)", '"\\0"'),
  f64: fixed(1, "r.double(END)", "w.double(V)"),
  f32: fixed(5, "r.single(END)", "w.single(V)"),
  ipv4: fixed(5, "r.fixed32(END)", "w.word(V)"),
  u128: lengthDelimited("r.u128(END)", "w.u128(V)", "0n"),
  string: lengthDelimited("r.string(END)", "w.string(V)", '""'),
};

/** The form of `type` when it is one that an expression can read. */
export function scalarForm(type: Type, release: Release): ScalarForm | undefined {
  const form = FORMS[type.kind as ScalarKind];
  const signed = type.kind === "i64" || type.kind === "isize";
  if (form === undefined || !signed || !release.unzigzagShiftsSign) return form;
  return { ...form, read: "r.zigzag64Shifted(END)" };
}

/** The form of a type of which a `Vec` or an array is one record. `Box` never packs. */
export function packedForm(type: Type, release: Release): ScalarForm | undefined {
  if (type.kind === "u8") {
    throw new TypeError("Cannot compile a list of u8 as it must be bytes or octets");
  }
  const form = scalarForm(type, release);
  return form?.packs ? form : undefined;
}

/** `type` without `Box` and `Arc`, whose values look the same. */
export function unboxed(type: Type): Exclude<Type, { kind: "boxed" }> {
  return type.kind === "boxed" ? unboxed(type.of) : type;
}

/** Whether `type` is a sequence itself and so needs a message of its own inside another one. */
export function isSequence(type: Type): boolean {
  const { kind } = unboxed(type);
  return kind === "option" || kind === "vec" || kind === "map";
}
