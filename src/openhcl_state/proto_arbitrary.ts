/**
 * Random values of a type, as fast-check draws them. Lists are short, since a servicing state
 * is deep.
 *
 * @module
 */
import fc from "fast-check";
import { type Era, fieldsIn, variantsAt } from "../schema/history.ts";
import type { Field, Message, Oneof, Variant } from "../schema/message.ts";
import type { Type } from "../schema/type.ts";

/** Draws values of messages and enums of one release. */
export class Arbitraries {
  readonly #era: Era;
  readonly #i64: fc.Arbitrary<bigint>;
  readonly #known = new Map<Message | Oneof, fc.Arbitrary<unknown>>();

  /** `i64Bits`: width of signed 64-bit numbers; releases up to 1.7.2511 read only 63 bits back. */
  constructor(era: Era, i64Bits: number) {
    this.#era = era;
    const limit = 2n ** BigInt(i64Bits - 1);
    this.#i64 = fc.bigInt({ min: -limit, max: limit - 1n });
  }

  of(declaration: Message | Oneof): fc.Arbitrary<unknown> {
    const known = this.#known.get(declaration);
    if (known !== undefined) return known;
    const made =
      "fields" in declaration
        ? this.#fields(fieldsIn(declaration, this.#era))
        : this.#oneof(declaration);
    this.#known.set(declaration, made);
    return made;
  }

  #fields(fields: readonly Field[]): fc.Arbitrary<unknown> {
    return fc.record(
      Object.fromEntries(fields.map(({ name, type }) => [name, this.#value(type)])),
      { noNullPrototype: true },
    );
  }

  #oneof(oneof: Oneof): fc.Arbitrary<unknown> {
    const { release, releases } = this.#era;
    return fc.oneof(...variantsAt(oneof, release, releases).map((each) => this.#variant(each)));
  }

  #variant(variant: Variant): fc.Arbitrary<unknown> {
    const payload = variant.transparent
      ? this.#value(variant.transparent)
      : this.#fields(fieldsIn(variant, this.#era));
    return payload.map((value) => ({ variant: variant.name, value }));
  }

  #value(type: Type): fc.Arbitrary<unknown> {
    switch (type.kind) {
      case "option": {
        const some = this.#value(type.of);
        return fc.option(type.of.kind === "option" ? some.map((inner) => ({ some: inner })) : some);
      }
      case "vec":
        return fc.array(this.#value(type.of), { maxLength: 2 });
      case "boxed":
        return this.#value(type.of);
      case "array":
        return fc.array(this.#value(type.of), { minLength: type.length, maxLength: type.length });
      case "map": {
        const entry = fc.tuple(this.#value(type.key), this.#value(type.value));
        return fc.array(entry, { maxLength: 2 }).map((entries) => new Map(entries));
      }
      case "tuple":
        return fc.tuple(...type.of.map((of) => this.#value(of)));
      case "octets":
      case "zeroCopy":
        return fc.nat(255).map((octet) => new Uint8Array(type.length).fill(octet));
      case "message":
        return this.of(type.message);
      case "oneof":
        return this.of(type.oneof);
      case "i64":
      case "isize":
        return this.#i64;
      default:
        return scalar(type.kind);
    }
  }
}

function scalar(kind: string): fc.Arbitrary<unknown> {
  const arbitrary = SCALARS[kind];
  if (arbitrary !== undefined) return arbitrary;
  throw new RangeError(`Cannot draw a value as its type is known: current value is ${kind}`);
}

const TEXT = fc.string({ unit: "binary", maxLength: 5 });
const OCTETS = fc.uint8Array({ maxLength: 5 });

const SCALARS: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  u8: fc.nat(255),
  u16: fc.nat(65535),
  u32: fc.nat(2 ** 32 - 1),
  nonZeroU32: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  i8: fc.integer({ min: -128, max: 127 }),
  i32: fc.integer(),
  i32Varint: fc.integer(),
  i16: fc.integer({ min: -32768, max: 32767 }),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  usize: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  u128: fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }),
  f32: fc.float({ noNaN: true }),
  f64: fc.double({ noNaN: true }),
  bool: fc.boolean(),
  char: fc.string({ unit: "binary", minLength: 1, maxLength: 1 }),
  string: TEXT,
  bytes: OCTETS,
  // The value of a blob: field 1 as octets, since whatever it holds is a message.
  rawMessage: OCTETS.map((octets) => Uint8Array.of(10, octets.length, ...octets)),
  duration: fc.record(
    { secs: fc.bigInt({ min: 0n, max: 2n ** 63n - 1n }), nanos: fc.nat(999_999_999) },
    { noNullPrototype: true },
  ),
};
