/**
 * Two streams compared by section and field. Ids of sections and places mean nothing; who saved a
 * section, and which of several, does.
 *
 * Pages of RAM are compared where both streams were read with them.
 *
 * @module
 */
import { type Leaf, leavesOf } from "./leaf.ts";
import { openBlobs } from "./open.ts";
import { diffRam, type RamDifference } from "./ram_diff.ts";
import type { Section, Stream } from "./stream.ts";
import type { Scalar } from "./value.ts";

export type Side = "a" | "b";

/** A value that differs, or is on one side only. */
export interface FieldDifference {
  readonly path: string;
  readonly a?: Leaf["value"];
  readonly b?: Leaf["value"];
}

export interface SectionDifference {
  readonly idstr: string;
  readonly instanceId: number;
  /** The side that has it, when the other has not. */
  readonly only?: Side;
  /** Versions, when they differ. */
  readonly versions?: readonly [a: number, b: number];
  readonly fields: readonly FieldDifference[];
}

export interface StreamDifference {
  /** Machine types, when they differ. */
  readonly machines?: readonly [a: string | undefined, b: string | undefined];
  /** Blocks of RAM that differ in size, or are on one side only. */
  readonly blocks: readonly { readonly name: string; readonly a?: number; readonly b?: number }[];
  readonly sections: readonly SectionDifference[];
  /** Memory that differs, when it was asked for. */
  readonly ram: readonly RamDifference[];
}

export function diffStreams(a: Stream, b: Stream): StreamDifference {
  const machines = [a.configuration?.machine, b.configuration?.machine] as const;
  return {
    ...(machines[0] === machines[1] ? {} : { machines }),
    blocks: [...diffBlocks(a, b)],
    sections: [...diffSections(a, b)],
    ram: diffRam(a, b),
  };
}

/** Whether nothing differs. */
export function isSame({ machines, blocks, sections, ram }: StreamDifference): boolean {
  return machines === undefined && [blocks, sections, ram].every((found) => found.length === 0);
}

function* diffBlocks(a: Stream, b: Stream): Generator<StreamDifference["blocks"][number]> {
  const sizes = new Map(b.ram.map(({ name, size }) => [name, size]));
  for (const { name, size } of a.ram) {
    const other = sizes.get(name);
    sizes.delete(name);
    if (other === undefined) yield { name, a: size };
    else if (other !== size) yield { name, a: size, b: other };
  }
  for (const [name, size] of sizes) yield { name, b: size };
}

function* diffSections(a: Stream, b: Stream): Generator<SectionDifference> {
  const others = statesOf(b);
  for (const [key, section] of statesOf(a)) {
    const other = others.get(key);
    others.delete(key);
    const { idstr, instanceId } = section;
    if (other === undefined) {
      yield { idstr, instanceId, only: "a", fields: [] };
      continue;
    }
    const fields = [...diffFields(section, other)];
    const isOther = section.version !== other.version;
    if (!isOther && fields.length === 0) continue;
    const versions = isOther ? { versions: [section.version, other.version] as const } : {};
    yield { idstr, instanceId, ...versions, fields };
  }
  for (const { idstr, instanceId } of others.values()) {
    yield { idstr, instanceId, only: "b", fields: [] };
  }
}

/** Sections by who saved them; of those in pieces the first. */
function statesOf({ parts }: Stream): Map<string, Section> {
  const states = new Map<string, Section>();
  for (const part of parts) {
    if (part.kind !== "section") continue;
    const key = `${part.instanceId} ${part.idstr}`;
    if (!states.has(key)) states.set(key, part);
  }
  return states;
}

function* diffFields(a: Section, b: Section): Generator<FieldDifference> {
  const others = valuesOf(b);
  for (const [path, value] of valuesOf(a)) {
    const other = others.get(path);
    others.delete(path);
    if (other === undefined) yield { path, a: value };
    else if (!isEqual(value, other)) yield { path, a: value, b: other };
  }
  for (const [path, value] of others) yield { path, b: value };
}

function valuesOf(section: Section): Map<string, Leaf["value"]> {
  const { content } = openBlobs(section);
  if (content.kind === "ram") return new Map();
  if (content.kind === "octets") return new Map([["", content.octets]]);
  const values = new Map<string, Leaf["value"]>();
  for (const { path, value } of leavesOf(content)) values.set(path, value);
  return values;
}

function isEqual(a: Scalar | Uint8Array, b: Scalar | Uint8Array): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) {
    return a.length === b.length && a.every((octet, at) => octet === b[at]);
  }
  if (a instanceof Uint8Array || b instanceof Uint8Array) return false;
  // The same number may be wider on one side.
  return a === b || BigInt(a) === BigInt(b);
}
