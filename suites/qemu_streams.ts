/**
 * Streams read, each once: several readers are judged by the same one.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import {
  KnownDescriptions,
  readStream,
  type Section,
  type Stream,
} from "../src/qemu_stream/mod.ts";

export interface ReadStream {
  readonly octets: Uint8Array;
  readonly stream: Stream;
  /** Names of sections that hold anything, in order, each once. */
  readonly held: readonly string[];
}

/** Streams that are kept: what one machine is for all releases, saved and saved again. */
const KEPT_MAX = 12;

const read = new WeakMap<Uint8Array, ReadStream>();
/** The last ones: machines that were different may be the same when they are saved again. */
const kept: ReadStream[] = [];
const known = new KnownDescriptions();

export function streamOf(octets: Uint8Array): ReadStream {
  const found =
    read.get(octets) ?? kept.findLast((one) => Buffer.compare(one.octets, octets) === 0);
  const result = found ?? readOf(octets);
  read.set(octets, result);
  if (found === undefined) kept.push(result);
  if (kept.length > KEPT_MAX) kept.shift();
  return result;
}

/** Of RAM only its blocks are asked for. */
function readOf(octets: Uint8Array): ReadStream {
  const stream = readStream(octets, { keepsRam: false, known });
  const sections = stream.parts.filter((part) => part.kind === "section");
  const held = sections.filter(holds).map(({ idstr }) => idstr);
  return { octets, stream, held: [...new Set(held)] };
}

/** False for a section that says nothing. */
export function holds({ content }: Section): boolean {
  return content.kind !== "fields" || content.fields.length + content.subsections.length > 0;
}
