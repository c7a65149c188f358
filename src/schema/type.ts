/**
 * Types of saved-state fields, as data. Names are Rust's, because the state's authors wrote Rust;
 * what each one looks like on the wire is the codec's business (`src/mesh`).
 *
 * JavaScript values: integers up to 32 bits are `number`, wider ones `bigint`; octets are
 * `Uint8Array`; `Option` is the value or `null`, and an `Option` of an `Option` is
 * `{ some: inner } | null`; `Vec`, arrays and tuples are arrays; maps are `Map`; an enum is
 * `{ variant, value }`.
 *
 * @module
 */
import type { Message, Oneof, Shape, Variants } from "./message.ts";

/** Types whose value is a JavaScript `number`. */
export type NumberKind =
  | "u8"
  | "u16"
  | "u32"
  | "i8"
  | "i16"
  | "i32"
  | "f32"
  | "f64"
  | "ipv4"
  /** `NonZeroU32`: never 0, and without a default. */
  | "nonZeroU32"
  /** An `i32` written as a plain varint (`VarintField`), not as zigzag. */
  | "i32Varint";

/** Types whose value is a `bigint`. */
export type BigintKind = "u64" | "usize" | "i64" | "isize" | "u128" | "i64Varint" | "nonZeroU64";

/** Types without parameters. */
export type ScalarKind =
  | NumberKind
  | BigintKind
  | OctetsKind
  | "bool"
  | "char"
  | "string"
  | "duration"
  | "infallible";

/** Types without parameters whose value is a `Uint8Array`. */
export type OctetsKind =
  | "bytes"
  | "ipv6"
  /** A message kept as it was encoded (`ProtobufMessage`); a blob's `value` is one. */
  | "rawMessage";

/** The value of a `Duration`. */
export interface Duration {
  readonly secs: bigint;
  readonly nanos: number;
}

/** A field's type. `V` is the type of its JavaScript value and exists for the compiler only. */
export type Type<V = unknown> = TypeNode & { readonly [VALUE]?: V };

declare const VALUE: unique symbol;

/** The data behind a {@linkcode Type}. */
export type TypeNode =
  | { readonly kind: ScalarKind }
  /** `[u8; length]`: raw octets, always written, no default. */
  | { readonly kind: "octets"; readonly length: number }
  /** A `repr(C)` struct as raw octets (`ZeroCopyEncoding`); zero-filled when missing. */
  | { readonly kind: "zeroCopy"; readonly length: number; readonly struct: string }
  | { readonly kind: "option"; readonly of: Type }
  | { readonly kind: "vec"; readonly of: Type }
  /** `Box` and `Arc`: same value, never packed. */
  | { readonly kind: "boxed"; readonly of: Type }
  | { readonly kind: "array"; readonly of: Type; readonly length: number }
  | { readonly kind: "map"; readonly key: Type; readonly value: Type }
  | { readonly kind: "tuple"; readonly of: readonly Type[] }
  | { readonly kind: "message"; readonly message: Message }
  | { readonly kind: "oneof"; readonly oneof: Oneof };

/** The JavaScript value of a type. */
export type ValueOf<T> = T extends Type<infer V> ? V : never;

type ScalarValue<K extends ScalarKind> = K extends NumberKind
  ? number
  : K extends BigintKind
    ? bigint
    : K extends "bool"
      ? boolean
      : K extends OctetsKind
        ? Uint8Array
        : K extends "duration"
          ? Duration
          : K extends "infallible"
            ? never
            : string;

function scalar<K extends ScalarKind>(kind: K): Type<ScalarValue<K>> {
  return { kind };
}

export const u8: Type<number> = scalar("u8");
export const u16: Type<number> = scalar("u16");
export const u32: Type<number> = scalar("u32");
export const u64: Type<bigint> = scalar("u64");
export const usize: Type<bigint> = scalar("usize");
export const u128: Type<bigint> = scalar("u128");
export const i8: Type<number> = scalar("i8");
export const i16: Type<number> = scalar("i16");
export const i32: Type<number> = scalar("i32");
export const i64: Type<bigint> = scalar("i64");
export const i32Varint: Type<number> = scalar("i32Varint");
export const i64Varint: Type<bigint> = scalar("i64Varint");
export const nonZeroU32: Type<number> = scalar("nonZeroU32");
export const nonZeroU64: Type<bigint> = scalar("nonZeroU64");
export const f32: Type<number> = scalar("f32");
export const f64: Type<number> = scalar("f64");
export const bool: Type<boolean> = scalar("bool");
export const char: Type<string> = scalar("char");
export const string: Type<string> = scalar("string");
/** `Vec<u8>`. */
export const bytes: Type<Uint8Array> = scalar("bytes");
export const ipv4: Type<number> = scalar("ipv4");
export const ipv6: Type<Uint8Array> = scalar("ipv6");
/** A message kept as it was encoded. */
export const rawMessage: Type<Uint8Array> = scalar("rawMessage");
export const duration: Type<Duration> = scalar("duration");
/** `Infallible`: cannot be encoded, and cannot be decoded. */
export const infallible: Type<never> = scalar("infallible");

/** `[u8; length]`. */
export function octets(length: number): Type<Uint8Array> {
  return { kind: "octets", length };
}

/** A `repr(C)` struct named `struct` of `length` octets, kept raw. */
export function zeroCopy(struct: string, length: number): Type<Uint8Array> {
  return { kind: "zeroCopy", length, struct };
}

/** `Option<T>`; for an `Option<Option<T>>` use {@linkcode optionOfOption}. */
export function option<V>(of: Type<V>): Type<V | null> {
  return { kind: "option", of };
}

/** `Option<Option<T>>`: `null`, `{ some: null }` or `{ some: value }`. */
export function optionOfOption<V>(of: Type<V>): Type<{ some: V | null } | null> {
  return { kind: "option", of: { kind: "option", of } };
}

export function vec<V>(of: Type<V>): Type<V[]> {
  return { kind: "vec", of };
}

export function boxed<V>(of: Type<V>): Type<V> {
  return { kind: "boxed", of };
}

/** `[T; length]`; for octets use {@linkcode octets}. */
export function array<V>(of: Type<V>, length: number): Type<V[]> {
  return { kind: "array", of, length };
}

export function map<K, V>(key: Type<K>, value: Type<V>): Type<Map<K, V>> {
  return { kind: "map", key, value };
}

export function tuple<const T extends readonly Type[]>(
  ...of: T
): Type<{ -readonly [I in keyof T]: ValueOf<T[I]> }> {
  return { kind: "tuple", of };
}

/** A field that holds another message. */
export function nested<M extends Message>(message: M): Type<Shape<M>> {
  return { kind: "message", message };
}

/** A field that holds an enum, which on the wire is a message of its own. */
export function choice<O extends Oneof>(oneof: O): Type<Variants<O>> {
  return { kind: "oneof", oneof };
}
