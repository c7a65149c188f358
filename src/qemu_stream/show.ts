/**
 * Parts of a stream as JSON: fields in the order of the wire, octets as `{"hex"}`, numbers beyond
 * 2^53 as decimal text.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import type { Body, Field, Subsection } from "./field.ts";
import { openBlobs } from "./open.ts";
import { COMMANDS, type Command, type Section, type Stream } from "./stream.ts";
import type { Scalar } from "./value.ts";

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** What a stream is, without its parts. */
export function headJson({ configuration, ram, size, described }: Stream): Json {
  return {
    machine: configuration?.machine ?? null,
    size,
    configuration: configuration === undefined ? null : subsectionsJson(configuration.subsections),
    page_size: described?.description.pageSize ?? null,
    description:
      described === undefined
        ? null
        : { offset: described.offset ?? null, length: described.octets.length },
    ram: ram.map((block) => ({ ...block })),
  };
}

export function partJson(part: Section | Command): Json {
  return part.kind === "command" ? commandJson(part) : sectionJson(part);
}

function commandJson({ command, octets, packaged, ...part }: Command): Json {
  const name = COMMANDS[command] ?? null;
  const offset = part.offset ?? null;
  const shown = { type: "COMMAND", offset, command, name, data: hexJson(octets) };
  return packaged === undefined ? shown : { ...shown, packaged };
}

function sectionJson(section: Section): Json {
  const { type, sectionId, idstr, instanceId, version, offset, length } = section;
  const { content, closed } = openBlobs(section);
  const head = { type, section_id: sectionId, idstr, instance_id: instanceId, version };
  const place = { ...head, offset: offset ?? null, length: length ?? null };
  if (content.kind === "ram") return place;
  if (content.kind === "octets") return { ...place, data: hexJson(content.octets) };
  const body = { ...place, ...bodyJson(content) };
  return closed.length === 0 ? body : { ...body, closed: closed.map((one) => ({ ...one })) };
}

function bodyJson({ vmsd, fields, subsections }: Body): { readonly [key: string]: Json } {
  return {
    vmsd,
    fields: fields.map(fieldJson),
    ...(subsections.length === 0 ? {} : { subsections: subsectionsJson(subsections) }),
  };
}

function subsectionsJson(subsections: readonly Subsection[]): Json {
  return subsections.map((one) => ({ version: one.version, ...bodyJson(one) }));
}

function fieldJson(field: Field): Json {
  const { name, type, first } = field;
  const named = first === undefined ? { name, type } : { name, type, first };
  switch (field.kind) {
    case "scalar":
      return { ...named, value: scalarJson(field.value) };
    case "scalars":
      return { ...named, values: field.values.map(scalarJson) };
    case "octets":
      return { ...named, value: hexJson(field.octets) };
    case "struct":
      return { ...named, ...bodyJson(field) };
    case "list":
      return { ...named, elements: field.elements.map(elementJson) };
  }
}

function elementJson(element: Field): Json {
  if (element.kind === "struct") return bodyJson(element);
  return element.kind === "octets" ? hexJson(element.octets) : fieldJson(element);
}

/** A number as JSON can hold it. */
export function scalarJson(value: Scalar): Json {
  if (typeof value !== "bigint") return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

function hexJson(octets: Uint8Array): Json {
  return { hex: toHex(octets) };
}
