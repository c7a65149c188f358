/**
 * Reads the description at the end of a stream. Every member that is used is checked; others are
 * ignored, as later releases may add some.
 *
 * @module
 */
import { bracketsOf } from "./brackets.ts";
import type {
  BodyDescription,
  Description,
  DeviceDescription,
  FieldDescription,
} from "./description.ts";
import { StreamError } from "./error.ts";
import type { KnownDevices } from "./known_devices.ts";
import { DEPTH_MAX, JSON_DEPTH_MAX } from "./limits.ts";
import { shownName } from "./shown_name.ts";

type Members = { readonly [name: string]: unknown };

/** A member that is not as it should be; `what` names it. */
class Unfit extends Error {}

/**
 * Reads `octets`, which begin at `offset` in the stream. Devices in `known` are not read again,
 * and those that are new are put there.
 */
export function readDescription(
  octets: Uint8Array,
  offset: number,
  known?: KnownDevices,
): Description {
  const { deep, elements } = bracketsOf(octets);
  if (deep !== undefined) {
    const reason = `brackets must be at most ${JSON_DEPTH_MAX} deep`;
    throw new StreamError(reason, offset + deep, "VMDESCRIPTION");
  }
  const apart = known && elements && readApart(octets, elements, known);
  if (apart !== undefined) return apart;
  try {
    return descriptionOf(jsonOf(octets), deviceOf);
  } catch (error) {
    // What JSON.parse says differs from runtime to runtime.
    const reason = error instanceof Unfit ? error.message : "must be JSON text";
    if (!(error instanceof Unfit || error instanceof SyntaxError)) throw error;
    throw new StreamError(shownName(reason), offset, "VMDESCRIPTION");
  }
}

/**
 * Reads devices, which are among the elements of lists, one by one, and the rest with their numbers
 * in their places. Undefined when something is wrong, which only who reads all at once can say.
 */
function readApart(
  octets: Uint8Array,
  elements: readonly number[],
  known: KnownDevices,
): Description | undefined {
  const rest: string[] = [];
  let behind = 0;
  for (let at = 0; at < elements.length; at += 2) {
    rest.push(textIn(octets.subarray(behind, elements[at])), ` ${at} `);
    behind = elements[at + 1] as number;
  }
  rest.push(textIn(octets.subarray(behind)));
  try {
    return descriptionOf(JSON.parse(rest.join("")), (at) => {
      const [from, to] = [elements[at as number], elements[(at as number) + 1]];
      return known.of(octets.subarray(from, to), (device) => deviceOf(jsonOf(device)));
    });
  } catch (error) {
    if (error instanceof Unfit || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function textIn(octets: Uint8Array): string {
  return new TextDecoder().decode(octets);
}

function jsonOf(octets: Uint8Array): unknown {
  return JSON.parse(textIn(octets));
}

function descriptionOf(json: unknown, deviceOf: (json: unknown) => DeviceDescription): Description {
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
