/**
 * Values of a type: the smallest one, and one that differs from the default. They make the
 * bytes that show a finding of `compare.ts`.
 *
 * @module
 */
import { type Era, fieldsIn, variantsAt } from "./history.ts";
import type { Field, Oneof } from "./message.ts";
import type { Type } from "./type.ts";

/** The value with as little in it as the type allows. */
export function smallest(type: Type, era: Era): unknown {
  switch (type.kind) {
    case "option":
      return null;
    case "vec":
      return [];
    case "map":
      return new Map();
    case "octets":
    case "zeroCopy":
      return new Uint8Array(type.length);
    case "boxed":
      return smallest(type.of, era);
    case "array":
      return Array.from({ length: type.length }, () => smallest(type.of, era));
    case "tuple":
      return type.of.map((of) => smallest(of, era));
    case "message":
      return smallestOf(fieldsIn(type.message, era), era);
    case "oneof":
      return firstVariant(type.oneof, era);
    default:
      return scalar(type.kind, 0);
  }
}

/** The smallest value of a message with these fields. */
export function smallestOf(fields: readonly Field[], era: Era): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, smallest(field.type, era)]));
}

/** A value that is written even where the default would be left out, and cannot be mistaken. */
export function distinct(type: Type, era: Era): unknown {
  switch (type.kind) {
    case "option":
      return type.of.kind === "option" ? { some: distinct(type.of, era) } : distinct(type.of, era);
    case "vec":
      return [distinct(type.of, era)];
    case "map":
      return new Map([[distinct(type.key, era), distinct(type.value, era)]]);
    case "octets":
    case "zeroCopy":
      return new Uint8Array(type.length).fill(1);
    case "boxed":
      return distinct(type.of, era);
    case "array":
      return Array.from({ length: type.length }, () => distinct(type.of, era));
    case "tuple":
      return type.of.map((of) => distinct(of, era));
    case "message":
      return distinctOf(fieldsIn(type.message, era), era);
    case "oneof":
      return firstVariant(type.oneof, era);
    default:
      return scalar(type.kind, 1);
  }
}

/** A value of a message with these fields, none of them the default. */
export function distinctOf(fields: readonly Field[], era: Era): Record<string, unknown> {
  return Object.fromEntries(fields.map((field) => [field.name, distinct(field.type, era)]));
}

function firstVariant(oneof: Oneof, era: Era): { variant: string; value: unknown } {
  const [first] = variantsAt(oneof, era.release, era.releases);
  if (first === undefined) {
    throw new RangeError(
      `Cannot take a variant of ${oneof.name} as it has some: current value is ${era.release}`,
    );
  }
  const { name: variant, transparent } = first;
  const value = transparent ? smallest(transparent, era) : smallestOf(fieldsIn(first, era), era);
  return { variant, value };
}

const ZERO_OR_ONE: Readonly<Record<string, readonly [unknown, unknown]>> = {
  bool: [false, true],
  char: ["\0", "a"],
  string: ["", "a"],
  bytes: [new Uint8Array(0), Uint8Array.of(1)],
  // Field 1, varint 1: a message that no reader of ours knows.
  rawMessage: [new Uint8Array(0), Uint8Array.of(8, 1)],
  ipv6: [new Uint8Array(16), new Uint8Array(16).fill(1)],
  duration: [
    { secs: 0n, nanos: 0 },
    { secs: 1n, nanos: 1 },
  ],
  nonZeroU32: [1, 1],
  nonZeroU64: [1n, 1n],
};

const BIGINTS = new Set(["u64", "usize", "i64", "isize", "u128", "i64Varint"]);

function scalar(kind: string, which: 0 | 1): unknown {
  const pair = ZERO_OR_ONE[kind];
  if (pair !== undefined) return pair[which];
  return BIGINTS.has(kind) ? BigInt(which) : which;
}
