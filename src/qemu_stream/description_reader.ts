/**
 * Reads the description at the end of a stream. Every member that is used is checked; others are
 * ignored, as later releases may add some.
 *
 * @module
 */
import type {
  BodyDescription,
  Description,
  DeviceDescription,
  FieldDescription,
} from "./description.ts";
import { StreamError } from "./error.ts";
import { DEPTH_MAX, JSON_DEPTH_MAX } from "./limits.ts";
import { shownName } from "./shown_name.ts";

type Members = { readonly [name: string]: unknown };

/** A member that is not as it should be; `what` names it. */
class Unfit extends Error {}

/** Reads `octets`, which begin at `offset` in the stream. */
export function readDescription(octets: Uint8Array, offset: number): Description {
  const deep = tooDeepAt(octets);
  if (deep !== undefined) {
    const reason = `brackets must be at most ${JSON_DEPTH_MAX} deep`;
    throw new StreamError(reason, offset + deep, "VMDESCRIPTION");
  }
  try {
    return descriptionOf(JSON.parse(new TextDecoder().decode(octets)));
  } catch (error) {
    // What JSON.parse says differs from runtime to runtime.
    const reason = error instanceof Unfit ? error.message : "must be JSON text";
    if (!(error instanceof Unfit || error instanceof SyntaxError)) throw error;
    throw new StreamError(shownName(reason), offset, "VMDESCRIPTION");
  }
}

/** Where the first bracket that is too deep stands: some runtimes read JSON by recursion. */
function tooDeepAt(octets: Uint8Array): number | undefined {
  let depth = 0;
  // Without escapes, a text ends at the next quote; most of a description is names.
  const isPlain = !octets.includes(0x5c);
  for (let at = 0; at < octets.length; at++) {
    const octet = octets[at];
    if (octet === 0x22) {
      at = isPlain ? octets.indexOf(0x22, at + 1) : behindText(octets, at);
      if (at < 0) return undefined;
    } else if (octet === 0x7b || octet === 0x5b) {
      depth++;
      if (depth > JSON_DEPTH_MAX) return at;
    } else if (octet === 0x7d || octet === 0x5d) depth--;
  }
  return undefined;
}

/** The quote that ends the text that begins at `from`; -1 when there is none. */
function behindText(octets: Uint8Array, from: number): number {
  for (let at = from + 1; at < octets.length; at++) {
    if (octets[at] === 0x22) return at;
    if (octets[at] === 0x5c) at++;
  }
  return -1;
}

function descriptionOf(json: unknown): Description {
  const all = membersOf(json, "description");
  const configuration = all.configuration;
  return {
    pageSize: numberOf(all.page_size, "page_size"),
    ...(configuration === undefined ? {} : { configuration: bodyOf(configuration, 0) }),
    devices: listOf(all.devices, "devices").map(deviceOf),
  };
}

function deviceOf(json: unknown): DeviceDescription {
  const device = membersOf(json, "device");
  const name = textOf(device.name, "device.name");
  const instanceId = numberOf(device.instance_id, `${name}.instance_id`);
  return { name, instanceId, ...bodyOf(device, 0) };
}

function bodyOf(json: unknown, depth: number): BodyDescription {
  if (depth > DEPTH_MAX) throw new Unfit(`structures must be at most ${DEPTH_MAX} deep`);
  const body = membersOf(json, "structure");
  const vmsd = body.vmsd_name === undefined ? "" : textOf(body.vmsd_name, "vmsd_name");
  const version = body.version === undefined ? 0 : numberOf(body.version, `${vmsd}.version`);
  const fields = listOf(body.fields, `${vmsd}.fields`);
  const subsections = listOf(body.subsections ?? [], `${vmsd}.subsections`);
  return {
    vmsd,
    version,
    fields: numbered(fields.map((field) => fieldOf(field, vmsd, depth))),
    subsections: subsections.map((subsection) => bodyOf(subsection, depth + 1)),
  };
}

function fieldOf(json: unknown, vmsd: string, depth: number): FieldDescription {
  const field = membersOf(json, `field of ${vmsd}`);
  const name = textOf(field.name, `${vmsd}.name`);
  const where = `${vmsd}.${name}`;
  const { array_len: length, index } = field;
  const inner = field.struct ?? (field.fields === undefined ? undefined : field);
  return {
    name,
    type: textOf(field.type, `${where}.type`),
    size: numberOf(field.size, `${where}.size`),
    ...(length === undefined ? {} : { arrayLength: numberOf(length, `${where}.array_len`) }),
    ...(index === undefined ? {} : { first: numberOf(index, `${where}.index`) }),
    ...(inner === undefined ? {} : { body: bodyOf(inner, depth + 1) }),
  };
}

/** Elements of an array that stand one by one: 10.0 and later give the last one no index. */
function numbered(fields: readonly FieldDescription[]): readonly FieldDescription[] {
  const next = new Map<string, number>();
  const repeated = new Set<string>();
  for (const { name } of fields) {
    if (next.has(name)) repeated.add(name);
    next.set(name, 0);
  }
  if (repeated.size === 0) return fields;
  return fields.map((field) => {
    if (!repeated.has(field.name)) return field;
    const first = field.first ?? (next.get(field.name) as number);
    next.set(field.name, first + (field.arrayLength ?? 1));
    return { ...field, first };
  });
}

function membersOf(value: unknown, what: string): Members {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) {
    return value as Members;
  }
  throw new Unfit(`${what} must be an object`);
}

function listOf(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Unfit(`${what} must be an array`);
}

function textOf(value: unknown, what: string): string {
  if (typeof value === "string") return value;
  throw new Unfit(`${what} must be text`);
}

function numberOf(value: unknown, what: string): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new Unfit(`${what} must be a whole number from 0 on`);
}
