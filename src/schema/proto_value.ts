/**
 * Values as an implementation of protobuf has them, for the text of `proto_text.ts`: 64-bit
 * numbers are `bigint`, octets are `Uint8Array`, and what mesh leaves out is not there.
 *
 * @module
 */
import { type Era, fieldsIn, variantsAt } from "./history.ts";
import type { Field, Oneof } from "./message.ts";
import { protoFieldName } from "./proto_text.ts";
import type { Type } from "./type.ts";
import { isPacked, isSequence } from "./type_text.ts";

/** A message of a protobuf implementation as a plain object. */
export type ProtoMessage = Record<string, unknown>;

/** The protobuf message for a value with these fields. */
export function toProto(fields: readonly Field[], value: object, era: Era): ProtoMessage {
  const values = value as ProtoMessage;
  const message: ProtoMessage = {};
  for (const { name, type } of fields) {
    const converted = fieldToProto(type, values[name], era);
    if (converted !== undefined) message[protoFieldName(name)] = converted;
  }
  return message;
}

/** The protobuf message for a value of an enum. */
export function oneofToProto(oneof: Oneof, value: unknown, era: Era): ProtoMessage {
  const { variant: name, value: payload } = value as { variant: string; value: object };
  const variant = variantsAt(oneof, era.release, era.releases).find((each) => each.name === name);
  const type = variant?.transparent;
  if (type !== undefined) return { [name]: elementToProto(type, payload, era) };
  return { [name]: toProto(fieldsIn(variant ?? {}, era), payload, era) };
}

/** A field of a message, or `undefined` when mesh leaves it out. */
function fieldToProto(type: Type, value: unknown, era: Era): unknown {
  if (type.kind === "boxed") return fieldToProto(type.of, value, era);
  if (type.kind === "option") {
    if (value === null) return undefined;
    const inner = type.of.kind === "option" ? (value as { some: unknown }).some : value;
    return elementToProto(type.of, inner, era);
  }
  const converted = isSequence(type) ? itemsOf(type, value, era) : elementToProto(type, value, era);
  return isOmitted(type, converted) ? undefined : converted;
}

/** A value that is written even when it is the default. */
function elementToProto(type: Type, value: unknown, era: Era): unknown {
  if (isSequence(type)) return { inner: fieldToProto(type, value, era) };
  switch (type.kind) {
    case "boxed":
      return elementToProto(type.of, value, era);
    case "array": {
      const items = itemsOf(type, value, era);
      return isPacked(type.of) ? items : { inner: items };
    }
    case "tuple":
      return toProto(tupleFields(type.of), { ...(value as unknown[]) }, era);
    case "message":
      return toProto(fieldsIn(type.message, era), value as object, era);
    case "oneof":
      return oneofToProto(type.oneof, value, era);
    case "duration":
      return withoutZeros(value as ProtoMessage);
    case "char":
      return (value as string).codePointAt(0);
    case "u128":
      return octetsOf(value as bigint);
    default:
      return value;
  }
}

function itemsOf(type: Type, value: unknown, era: Era): unknown {
  if (type.kind === "map") {
    const entries = [...(value as Map<unknown, unknown>)];
    return Object.fromEntries(
      entries.map(([key, item]) => [String(key), elementToProto(type.value, item, era)]),
    );
  }
  if (type.kind !== "vec" && type.kind !== "array") return value;
  return (value as unknown[]).map((item) => elementToProto(type.of, item, era));
}

/** Tuples have numbers for names, as tuple structs do. */
function tupleFields(types: readonly Type[]): Field[] {
  return types.map((type, index) => ({ number: index + 1, name: String(index), type }));
}

/** mesh's rule: zero and empty are left out, where a type has them as its default. */
function isOmitted(type: Type, converted: unknown): boolean {
  if (type.kind === "oneof" || type.kind === "octets" || type.kind === "zeroCopy") return false;
  if (converted instanceof Uint8Array) {
    return converted.every((octet) => type.kind === "u128" && octet === 0);
  }
  if (typeof converted === "object" && converted !== null) {
    return Object.keys(converted).length === 0;
  }
  return Object.is(converted, 0) || converted === 0n || converted === "" || converted === false;
}

function withoutZeros(message: ProtoMessage): ProtoMessage {
  return Object.fromEntries(
    Object.entries(message).filter(([, value]) => value !== 0 && value !== 0n),
  );
}

function octetsOf(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}
