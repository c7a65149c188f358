/**
 * The integers of a saved state.
 *
 * @module
 */
export type IntegerKind = "u8" | "u16" | "u32" | "i8" | "i16" | "i32";
export type WideKind = "u64" | "i64";

interface Range<N> {
  readonly octets: number;
  readonly least: N;
  readonly most: N;
}

export const INTEGERS: Readonly<Record<IntegerKind, Range<number>>> = {
  u8: { octets: 1, least: 0, most: 0xff },
  u16: { octets: 2, least: 0, most: 0xffff },
  u32: { octets: 4, least: 0, most: 0xffff_ffff },
  i8: { octets: 1, least: -0x80, most: 0x7f },
  i16: { octets: 2, least: -0x8000, most: 0x7fff },
  i32: { octets: 4, least: -0x8000_0000, most: 0x7fff_ffff },
};

export const WIDES: Readonly<Record<WideKind, Range<bigint>>> = {
  u64: { octets: 8, least: 0n, most: 2n ** 64n - 1n },
  i64: { octets: 8, least: -(2n ** 63n), most: 2n ** 63n - 1n },
};
