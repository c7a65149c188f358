/**
 * Compares what a writer means with what a reader reads, where the two releases differ: a field
 * that the writer lacks has the default of the table, a renumbered one has the value of its old
 * name. Parts of a message without any change are not visited.
 *
 * @module
 */
import { OctetMap } from "../../src/bytes/octet_map.ts";
import { codecFor, MeshError } from "../../src/mesh/mod.ts";
import { blobMessage, SavedStateBlob } from "../../src/openhcl_state/mod.ts";
import type { Field, Message, Oneof } from "../../src/schema/message.ts";
import type { Type } from "../../src/schema/type.ts";
import { ByPair } from "./by_pair.ts";
import { byNumber, changeRow } from "./schema_changes.ts";

/** Returns what is wrong, in words; undefined when nothing is. */
export type Comparison = (meant: unknown, read: unknown) => string | undefined;

type Fields = Readonly<Record<string, unknown>>;
type Blob = { readonly type_url: string; readonly value: Uint8Array };

const cache = new Map<Message, ByPair<Comparison | undefined>>();

/** The comparison of `message` between two releases; undefined when nothing changes. */
export function comparisonOf(
  message: Message,
  writer: string,
  reader: string,
): Comparison | undefined {
  let byPair = cache.get(message);
  if (byPair === undefined) {
    byPair = new ByPair();
    cache.set(message, byPair);
  }
  return byPair.get(writer, reader, () =>
    message === SavedStateBlob
      ? blobs(writer, reader)
      : ofFields(message.name, message.fields, writer, reader),
  );
}

function ofFields(
  name: string,
  fields: readonly Field[],
  writer: string,
  reader: string,
): Comparison | undefined {
  const meant = byNumber(fields, writer);
  const parts: Comparison[] = [];
  for (const [number, field] of byNumber(fields, reader)) {
    const before = meant.get(number);
    const part =
      before === undefined
        ? added(name, field, writer, reader)
        : kept(name, before, field, writer, reader);
    if (part !== undefined) parts.push(part);
  }
  return parts.length === 0 ? undefined : (was, is) => first(parts, was, is);
}

function first(parts: readonly Comparison[], was: unknown, is: unknown): string | undefined {
  for (const part of parts) {
    const wrong = part(was, is);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

/** A field that the writer does not have. */
function added(
  message: string,
  { name, number }: Field,
  writer: string,
  reader: string,
): Comparison | undefined {
  const row = changeRow(message, number, ["default"], writer, reader);
  if (row === undefined) return undefined;
  const { value } = row;
  return (_, is) => {
    const read = (is as Fields)[name];
    if (isDefault(read, value)) return undefined;
    const field = `${message} #${number} ${name}`;
    return `${field} reads ${String(read)}, table says ${JSON.stringify(value)}`;
  };
}

function isDefault(read: unknown, value: unknown): boolean {
  if (value === 0) return read === 0 || read === 0n;
  if (Array.isArray(value)) return Array.isArray(read) && read.length === 0;
  if (value === "empty") return typeof read === "object" && read !== null && isEmpty(read);
  return read === value;
}

function isEmpty(message: object): boolean {
  return Object.values(message).every((value) => {
    if (typeof value === "object" && value !== null) return isEmpty(value);
    return value === null || value === 0 || value === 0n || value === false || value === "";
  });
}

/** A field that both have, perhaps under another name. */
function kept(
  message: string,
  before: Field,
  now: Field,
  writer: string,
  reader: string,
): Comparison | undefined {
  const inner = ofType(now.type, writer, reader);
  if (inner !== undefined) {
    return (was, is) => inner((was as Fields)[before.name], (is as Fields)[now.name]);
  }
  if (before.name === now.name) return undefined;
  return (was, is) => {
    const [meant, read] = [(was as Fields)[before.name], (is as Fields)[now.name]];
    if (meant === read) return undefined;
    return `${message} #${now.number}: ${before.name} was ${meant}, ${now.name} is ${read}`;
  };
}

function ofType(type: Type, writer: string, reader: string): Comparison | undefined {
  switch (type.kind) {
    case "message":
      return comparisonOf(type.message, writer, reader);
    case "oneof":
      return ofVariants(type.oneof, writer, reader);
    case "boxed":
    case "option":
      return optional(ofType(type.of, writer, reader));
    case "vec":
    case "array":
      return each(ofType(type.of, writer, reader));
    case "tuple":
      return tupled(type.of.map((element) => ofType(element, writer, reader)));
    default:
      return undefined;
  }
}

function optional(inner: Comparison | undefined): Comparison | undefined {
  return inner && ((was, is) => (was === null || is === null ? undefined : inner(was, is)));
}

function each(inner: Comparison | undefined): Comparison | undefined {
  if (inner === undefined) return undefined;
  return (was, is) => {
    const [meant, read] = [was as readonly unknown[], is as readonly unknown[]];
    if (meant.length !== read.length) return `${meant.length} elements are read as ${read.length}`;
    for (const [index, element] of meant.entries()) {
      const wrong = inner(element, read[index]);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

function tupled(inner: readonly (Comparison | undefined)[]): Comparison | undefined {
  if (inner.every((comparison) => comparison === undefined)) return undefined;
  return (was, is) => {
    for (const [index, comparison] of inner.entries()) {
      const wrong = comparison?.(
        (was as readonly unknown[])[index],
        (is as readonly unknown[])[index],
      );
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  };
}

function ofVariants(oneof: Oneof, writer: string, reader: string): Comparison | undefined {
  const variants = new Map<string, Comparison>();
  for (const { name, fields = [] } of oneof.variants) {
    const inner = ofFields(`${oneof.name}.${name}`, fields, writer, reader);
    if (inner !== undefined) variants.set(name, inner);
  }
  if (variants.size === 0) return undefined;
  return (was, is) => {
    const [meant, read] = [was, is] as { variant: string; value: unknown }[];
    if (meant?.variant !== read?.variant) return `${meant?.variant} is read as ${read?.variant}`;
    return variants.get(read?.variant ?? "")?.(meant?.value, read?.value);
  };
}

/** A message that only its URL tells. The relay's has a layout of its own; others are opaque. */
function blobs(writer: string, reader: string): Comparison {
  const byUrl = new Map<string, Comparison | undefined>();
  return (was) => {
    const { type_url: url, value } = was as Blob;
    if (!byUrl.has(url)) byUrl.set(url, ofBlob(url, writer, reader));
    return byUrl.get(url)?.(value, value);
  };
}

function ofBlob(url: string, writer: string, reader: string): Comparison | undefined {
  const message = blobMessage(url, writer);
  if (message === undefined || message !== blobMessage(url, reader)) return undefined;
  const inner = comparisonOf(message, writer, reader);
  if (inner === undefined) return undefined;
  const [write, read] = [codecFor(message, writer), codecFor(message, reader)];
  return perOctets((octets) => {
    try {
      return inner(write.decode(octets), read.decode(octets));
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      return `${message.name}: ${error.message}`;
    }
  });
}

/** Blobs that are remembered of each message; more than a run has. */
const BLOBS_MAX = 64;

/** `judge`, asked once for each content: most blobs are those of many other conditions too. */
function perOctets(judge: (octets: Uint8Array) => string | undefined): Comparison {
  const judged = new OctetMap<{ readonly wrong: string | undefined }>(BLOBS_MAX);
  return (meant) => {
    const octets = meant as Uint8Array;
    const known = judged.get(octets);
    if (known !== undefined) return known.wrong;
    const wrong = judge(octets);
    judged.add(octets, { wrong });
    return wrong;
  };
}
