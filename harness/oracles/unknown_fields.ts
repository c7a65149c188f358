/**
 * Fields of a writer that a reader does not know: which of them have a value in a state, and how
 * often. Parts of a message without such fields are not visited.
 *
 * @module
 */
import { OctetMap } from "../../src/bytes/octet_map.ts";
import { codecFor } from "../../src/mesh/mod.ts";
import { blobMessage, SavedStateBlob } from "../../src/openhcl_state/mod.ts";
import type { Field, Message, Oneof } from "../../src/schema/message.ts";
import type { Type } from "../../src/schema/type.ts";
import { ByPair } from "./by_pair.ts";
import { byNumber } from "./schema_changes.ts";

/** How often a field has a value, by the names of message and field. */
export type FieldCounts = Map<string, number>;

/** Adds what it finds in a value to `counts`. */
export type FieldCounter = (value: unknown, counts: FieldCounts) => void;

type Fields = Readonly<Record<string, unknown>>;
type Blob = { readonly type_url: string; readonly value: Uint8Array };

const counters = new Map<Message, ByPair<FieldCounter | undefined>>();

/** Counts in `message`; undefined when the reader knows all of its fields. */
export function unknownFieldsOf(
  message: Message,
  writer: string,
  reader: string,
): FieldCounter | undefined {
  if (writer === reader) return undefined;
  let byPair = counters.get(message);
  if (byPair === undefined) {
    byPair = new ByPair();
    counters.set(message, byPair);
  }
  return byPair.get(writer, reader, () =>
    message === SavedStateBlob
      ? inBlobs(writer, reader)
      : inFields(message.name, message.fields, writer, reader),
  );
}

function inFields(
  name: string,
  fields: readonly Field[],
  writer: string,
  reader: string,
): FieldCounter | undefined {
  const read = byNumber(fields, reader);
  const parts = [...byNumber(fields, writer).values()].flatMap((field): FieldCounter[] => {
    if (!read.has(field.number)) return [unknownField(`${name}.${field.name}`, field.name)];
    const inner = inType(field.type, writer, reader);
    return inner === undefined
      ? []
      : [(value, counts) => inner((value as Fields)[field.name], counts)];
  });
  if (parts.length === 0) return undefined;
  return (value, counts) => {
    for (const part of parts) part(value, counts);
  };
}

function unknownField(name: string, field: string): FieldCounter {
  return (value, counts) => {
    if (isDefault((value as Fields)[field])) return;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  };
}

const DEFAULTS: ReadonlySet<unknown> = new Set([undefined, null, false, "", 0, 0n]);

/** What a reader takes for the value of a field that is not there. */
function isDefault(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.values(value).every(isDefault);
  return DEFAULTS.has(value);
}

function inType(type: Type, writer: string, reader: string): FieldCounter | undefined {
  switch (type.kind) {
    case "message":
      return unknownFieldsOf(type.message, writer, reader);
    case "oneof":
      return inVariants(type.oneof, writer, reader);
    case "boxed":
    case "option":
      return optional(inType(type.of, writer, reader));
    case "vec":
    case "array":
      return each([inType(type.of, writer, reader)]);
    case "tuple":
      return each(type.of.map((element) => inType(element, writer, reader)));
    default:
      return undefined;
  }
}

function optional(inner: FieldCounter | undefined): FieldCounter | undefined {
  return inner && ((value, counts) => value === null || inner(value, counts));
}

/** Counters of the elements in their order, the last one for all that follow. */
function each(inner: readonly (FieldCounter | undefined)[]): FieldCounter | undefined {
  if (inner.every((counter) => counter === undefined)) return undefined;
  return (value, counts) => {
    for (const [index, element] of (value as readonly unknown[]).entries()) {
      inner[Math.min(index, inner.length - 1)]?.(element, counts);
    }
  };
}

function inVariants(oneof: Oneof, writer: string, reader: string): FieldCounter | undefined {
  const variants = new Map<string, FieldCounter>();
  for (const { name, fields = [] } of oneof.variants) {
    const inner = inFields(`${oneof.name}.${name}`, fields, writer, reader);
    if (inner !== undefined) variants.set(name, inner);
  }
  if (variants.size === 0) return undefined;
  return (value, counts) => {
    const { variant, value: inside } = value as { readonly variant: string; value: unknown };
    variants.get(variant)?.(inside, counts);
  };
}

/** A message that only its URL tells; opaque where the reader has another layout for it. */
function inBlobs(writer: string, reader: string): FieldCounter {
  const byUrl = new Map<string, FieldCounter | undefined>();
  return (value, counts) => {
    const { type_url: url, value: octets } = value as Blob;
    if (!byUrl.has(url)) byUrl.set(url, inBlob(url, writer, reader));
    byUrl.get(url)?.(octets, counts);
  };
}

/** Blobs that are remembered of each message; more than a run has. */
const BLOBS_MAX = 64;

function inBlob(url: string, writer: string, reader: string): FieldCounter | undefined {
  const message = blobMessage(url, writer);
  if (message === undefined || message !== blobMessage(url, reader)) return undefined;
  const inner = unknownFieldsOf(message, writer, reader);
  if (inner === undefined) return undefined;
  const codec = codecFor(message, writer);
  const known = new OctetMap<FieldCounts>(BLOBS_MAX);
  return (value, counts) => {
    const octets = value as Uint8Array;
    let found = known.get(octets);
    if (found === undefined) {
      found = new Map();
      inner(codec.decode(octets), found);
      known.add(octets, found);
    }
    for (const [name, count] of found) counts.set(name, (counts.get(name) ?? 0) + count);
  };
}
