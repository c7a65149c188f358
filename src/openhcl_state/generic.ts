/**
 * Package `t`: no saved state, but the types of mesh that saved state does not happen to use. The
 * golden rows of upstream's codec cover them through these four messages.
 *
 * @module
 */
import type { Shape } from "../schema/message.ts";
import { field, message } from "../schema/message.ts";
import { result } from "../schema/standard.ts";
import {
  array,
  bool,
  bytes,
  char,
  duration,
  f32,
  f64,
  i8,
  i32,
  i32Varint,
  map,
  nonZeroU32,
  option,
  optionOfOption,
  string,
  tuple,
  u8,
  u16,
  u32,
  u64,
  u128,
  vec,
} from "../schema/type.ts";

const SOURCE = "golden rows";

/** Scalars that are signed, wide or floating. */
export const GenericS32 = message("t.S32", SOURCE, [
  field(1, "a", i32),
  field(2, "b", i32Varint),
  field(3, "c", i8),
  field(4, "d", u128),
  field(5, "e", f64),
  field(6, "f", f32),
  field(7, "g", char),
]);
export type GenericS32 = Shape<typeof GenericS32>;

/** Sequences, and sequences of sequences. */
export const GenericV = message("t.V", SOURCE, [
  field(1, "a", vec(u64)),
  field(2, "b", vec(bool)),
  field(3, "c", vec(string)),
  field(4, "d", vec(vec(u32))),
  field(5, "e", optionOfOption(u32)),
  field(6, "f", option(bytes)),
  field(7, "g", array(u16, 3)),
  field(8, "h", vec(i32)),
  field(9, "i", option(vec(u32))),
]);
export type GenericV = Shape<typeof GenericV>;

/** A map, a duration, a tuple and a result. */
export const GenericM = message("t.M", SOURCE, [
  field(1, "m", map(u32, string)),
  field(2, "d", duration),
  field(3, "t", tuple(u32, bool)),
  field(4, "r", result(u32, string)),
]);
export type GenericM = Shape<typeof GenericM>;

/** Narrow scalars, which are truncated when read. */
export const GenericN = message("t.N", SOURCE, [
  field(1, "u8_", u8),
  field(2, "u16_", u16),
  field(3, "b", bool),
  field(4, "nz", option(nonZeroU32)),
]);
export type GenericN = Shape<typeof GenericN>;
