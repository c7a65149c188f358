/**
 * What differs between two streams, as lines and as JSON.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import type { FieldDifference, SectionDifference, StreamDifference } from "./diff.ts";
import { isSame } from "./diff.ts";
import { type Leaf, shownValue } from "./leaf.ts";
import type { RamDifference, RamRange } from "./ram_diff.ts";
import { type Json, scalarJson } from "./show.ts";
import { shownName } from "./shown_name.ts";

/** One line for each difference, under a line for each section. */
export function* differenceLines(difference: StreamDifference): Generator<string> {
  const { machines, blocks, sections } = difference;
  if (isSame(difference)) yield "nothing differs";
  if (machines !== undefined) {
    const [a, b] = machines.map((name) => (name === undefined ? "not said" : shownName(name)));
    yield `machine: ${a} -> ${b}`;
  }
  for (const { name, a, b } of blocks) {
    yield `ram ${shownName(name)}: ${octets(a)} -> ${octets(b)}`;
  }
  for (const section of sections) yield* sectionLines(section);
  for (const block of difference.ram) yield* ramLines(block);
}

function* ramLines({ block, pages, rangeCount, ranges }: RamDifference): Generator<string> {
  yield `memory of ${shownName(block)}: ${pages} pages differ, in ${rangeCount} ranges`;
  for (const { address, size, first, a, b } of ranges) {
    const where = `0x${address.toString(16)} to 0x${(address + size - 1).toString(16)}`;
    const from = first === undefined ? "" : `, from 0x${first.toString(16)} on: `;
    const what = a === undefined || b === undefined ? "" : `${toHex(a)} -> ${toHex(b)}`;
    yield `  ${where}${from}${what}`;
  }
  const others = rangeCount - ranges.length;
  if (others > 0) yield `  and ${others} more ranges`;
}

function octets(size: number | undefined): string {
  return size === undefined ? "absent" : `${size} octets`;
}

function* sectionLines(section: SectionDifference): Generator<string> {
  const { idstr, instanceId, only, versions, fields } = section;
  const name = `${shownName(idstr)} ${instanceId}`;
  if (only !== undefined) {
    yield only === "a" ? `- ${name}` : `+ ${name}`;
    return;
  }
  yield versions === undefined ? name : `${name}: version ${versions[0]} -> ${versions[1]}`;
  for (const { path, a, b } of fields) {
    if (a === undefined) yield `  + ${path} = ${shown(b)}`;
    else if (b === undefined) yield `  - ${path} = ${shown(a)}`;
    else yield `  ${path}: ${sized(a, b)} -> ${sized(b, a)}`;
  }
}

/** A value; with its size, when the other one has another. */
function sized(value: Leaf["value"], other: Leaf["value"]): string {
  if (!(value instanceof Uint8Array && other instanceof Uint8Array)) return shown(value);
  return value.length === other.length ? shown(value) : `${shown(value)} in ${value.length} octets`;
}

function shown(value: Leaf["value"] | undefined): string {
  return value === undefined ? "" : shownValue(value);
}

/** The same, values as in JSON of a stream. */
export function differenceJson(difference: StreamDifference): Json {
  const { machines, blocks, sections } = difference;
  return {
    same: isSame(difference),
    machines: machines === undefined ? null : machines.map((name) => name ?? null),
    blocks: blocks.map(({ name, a, b }) => ({ name, a: a ?? null, b: b ?? null })),
    sections: sections.map(({ idstr, instanceId, only, versions, fields }) => ({
      idstr,
      instance_id: instanceId,
      ...(only === undefined ? {} : { only }),
      ...(versions === undefined ? {} : { versions }),
      fields: fields.map(fieldJson),
    })),
    ram: difference.ram.map(({ block, pages, rangeCount, ranges }) => ({
      block,
      pages,
      range_count: rangeCount,
      ranges: ranges.map(rangeJson),
    })),
  };
}

function rangeJson({ address, size, first, a, b }: RamRange): Json {
  return {
    address,
    size,
    first: first ?? null,
    a: a === undefined ? null : { hex: toHex(a) },
    b: b === undefined ? null : { hex: toHex(b) },
  };
}

function fieldJson({ path, a, b }: FieldDifference): Json {
  return {
    path,
    ...(a === undefined ? {} : { a: json(a) }),
    ...(b === undefined ? {} : { b: json(b) }),
  };
}

function json(value: Leaf["value"]): Json {
  return value instanceof Uint8Array ? { hex: toHex(value) } : scalarJson(value);
}
