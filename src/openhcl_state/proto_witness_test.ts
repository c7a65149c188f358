/**
 * A second witness: protobufjs reads and writes the same messages by `.proto` text made from our
 * schemas, and must agree with our codec. Values are drawn by type, and lists are short, since a
 * servicing state is deep. What this does not tell is whether the schemas are right.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import protobuf from "protobufjs";
import { codecFor, RELEASES } from "../mesh/mod.ts";
import { type Era, existsAt, fieldsIn, variantsAt } from "../schema/history.ts";
import type { Field, Message, Oneof, Variant } from "../schema/message.ts";
import { protoFiles, protoName } from "../schema/proto_text.ts";
import { oneofToProto, type ProtoMessage, toProto } from "../schema/proto_value.ts";
import type { Type } from "../schema/type.ts";
import { type Declaration, isOneof, MESSAGES } from "./catalogue.ts";

const SEED = 20260821;
/** Values drawn for each message of each release: it is 2,800 of them. */
const RUNS = 4;
/** Read and write the whole state, which reaches most other messages, more often. */
const RUNS_OF_ROOT = 40;

const releases = RELEASES.map(({ name }) => name);

/**
 * Written by protobufjs in another order, or with defaults that mesh leaves out. The bridges hold a
 * PCI configuration space, whose fields are not declared in the order of their numbers.
 */
const OTHER_BYTES: ReadonlySet<string> = new Set([
  "chipset.i440bx.host_pci_bridge.SavedState",
  "chipset.piix4.pci_isa_bridge.SavedState",
  "chipset.piix4.pm.SavedState",
  "pci.cfg_space_emu.SavedState",
  "t.M",
]);

for (const { name: release, unzigzagShiftsSign } of RELEASES) {
  const era: Era = { release, releases };

  test(`protobufjs agrees on every message of ${release}`, { timeout: 20_000 }, () => {
    const root = rootOf(era);
    const arbitraries = new Arbitraries(era, unzigzagShiftsSign ? 63 : 64);
    for (const [name, declaration] of MESSAGES) {
      if (!existsAt(declaration, release, releases)) continue;
      const type = root.lookupType(protoName(name));
      const numRuns = name === "underhill.ServicingState" ? RUNS_OF_ROOT : RUNS;
      fc.assert(
        fc.property(arbitraries.of(declaration), (value) => {
          agree(type, name, declaration, value, era);
        }),
        { seed: SEED, numRuns },
      );
    }
  });
}

function rootOf(era: Era): protobuf.Root {
  const root = new protobuf.Root();
  for (const { text } of protoFiles(MESSAGES, era)) {
    protobuf.parse(text, root, { keepCase: true });
  }
  root.resolveAll();
  return root;
}

/** Both codecs make the same of a value, whichever writes it. */
function agree(
  type: protobuf.Type,
  name: string,
  declaration: Declaration,
  value: unknown,
  era: Era,
): void {
  const codec = codecFor(declaration, era.release);
  const ours = codec.encode(value as never);
  const plain = isOneof(declaration)
    ? oneofToProto(declaration, value, era)
    : toProto(fieldsIn(declaration, era), value as object, era);
  // protobufjs takes a bigint in fromObject() only; encode() would write it as 0.
  const theirs = type.encode(type.fromObject(plain)).finish();
  assert.deepEqual(read(type, ours), normal(plain), `${name}: protobufjs reads our bytes`);
  assert.deepEqual(codec.decode(theirs), value, `${name}: we read the bytes of protobufjs`);
  if (!OTHER_BYTES.has(name)) assert.deepEqual(new Uint8Array(theirs), ours, `${name}: bytes`);
}

function read(type: protobuf.Type, bytes: Uint8Array): unknown {
  return normal(type.toObject(type.decode(bytes), { longs: BigInt }));
}

/** Objects without what only one of two equal values says: buffers, absent and empty fields. */
function normal(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(normal);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value as ProtoMessage).filter(
    ([, item]) => item !== undefined && !(Array.isArray(item) && item.length === 0),
  );
  return Object.fromEntries(entries.map(([name, item]) => [name, normal(item)]));
}

/** Draws values of messages and enums of one release. */
class Arbitraries {
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
