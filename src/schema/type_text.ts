/**
 * Types in words: as Rust writes them, and as they look on the wire.
 *
 * @module
 */
import { absenceOf } from "./absence.ts";
import type { Era } from "./history.ts";
import type { Type } from "./type.ts";

const RUST: Readonly<Record<string, string>> = {
  string: "String",
  bytes: "Vec<u8>",
  rawMessage: "ProtobufMessage",
  nonZeroU32: "NonZeroU32",
  nonZeroU64: "NonZeroU64",
  ipv4: "Ipv4Addr",
  ipv6: "Ipv6Addr",
  duration: "Duration",
  infallible: "Infallible",
  i32Varint: "i32 as varint",
  i64Varint: "i64 as varint",
};

/** The type as Rust writes it, with full names of messages. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case "octets":
      return `[u8; ${type.length}]`;
    case "zeroCopy":
      return type.struct;
    case "option":
      return `Option<${typeText(type.of)}>`;
    case "vec":
      return `Vec<${typeText(type.of)}>`;
    case "boxed":
      return `Box<${typeText(type.of)}>`;
    case "array":
      return `[${typeText(type.of)}; ${type.length}]`;
    case "map":
      return `Map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case "tuple":
      return `(${type.of.map(typeText).join(", ")})`;
    case "message":
      return type.message.name;
    case "oneof":
      return type.oneof.name;
    default:
      return RUST[type.kind] ?? type.kind;
  }
}

const WIRE: Readonly<Record<string, string>> = {
  i8: "zigzag varint",
  i16: "zigzag varint",
  i32: "zigzag varint",
  i64: "zigzag varint",
  isize: "zigzag varint",
  f32: "fixed 4 octets",
  f64: "fixed 8 octets",
  ipv4: "fixed 4 octets",
  ipv6: "16 octets",
  u128: "16 octets, little endian",
  string: "UTF-8",
  bytes: "octets",
  rawMessage: "message",
  duration: "message",
};

/** How a field of this type looks on the wire, and what a missing one reads as. */
export function wireText(type: Type, era: Era): string {
  const absence = absenceOf(type, era);
  if (absence === undefined) return formText(type);
  const where = absence.path.length > 0 ? ` (${absence.path.join(".")})` : "";
  return `${formText(type)}; fails when missing: ${absence.reason}${where}`;
}

function formText(type: Type): string {
  switch (type.kind) {
    case "octets":
    case "zeroCopy":
      return `${type.length} octets`;
    case "option":
      return `optional ${elementText(type.of)}`;
    case "vec":
      return isPacked(type.of)
        ? `packed ${formText(type.of)}s`
        : `repeated ${elementText(type.of)}`;
    case "boxed":
      return formText(type.of);
    case "array":
      return isPacked(type.of)
        ? `${type.length} packed ${formText(type.of)}s`
        : `message with ${type.length} times ${elementText(type.of)}`;
    case "map":
      return "repeated message with key and value";
    case "tuple":
      return `message with ${type.of.map((of, i) => `${i + 1}: ${formText(of)}`).join(", ")}`;
    case "message":
      return "message";
    case "oneof":
      return "message with one variant";
    default:
      return WIRE[type.kind] ?? "varint";
  }
}

/** What a missing field of this type reads as, when it may be missing. */
export function defaultText(type: Type): string {
  switch (type.kind) {
    case "option":
      return "None";
    case "vec":
    case "map":
    case "bytes":
    case "string":
    case "message":
    case "rawMessage":
    case "tuple":
      return "empty";
    case "boxed":
      return defaultText(type.of);
    case "bool":
      return "false";
    case "zeroCopy":
      return "all zeros";
    default:
      return "0";
  }
}

/** A sequence inside a sequence is wrapped in a message of its own. */
function elementText(type: Type): string {
  return isSequence(type) ? `message around ${formText(type)}` : formText(type);
}

/** Whether the type is written as none, one or more records of its own. */
export function isSequence(type: Type): boolean {
  if (type.kind === "boxed") return isSequence(type.of);
  return type.kind === "option" || type.kind === "vec" || type.kind === "map";
}

/** Whether a `Vec` of this type is one record: numbers and `bool`, but nothing boxed. */
export function isPacked(type: Type): boolean {
  const form = WIRE[type.kind] ?? "varint";
  if ("of" in type || type.kind === "map" || type.kind === "message") return false;
  if (type.kind === "oneof" || type.kind === "octets" || type.kind === "zeroCopy") return false;
  return form.includes("varint") || form.startsWith("fixed");
}
