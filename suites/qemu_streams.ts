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
const KEPT_MAX = 8;

/** The one that was asked for last is the last: machines that differed may be saved alike. */
const kept: ReadStream[] = [];
const known = new KnownDescriptions();

export function streamOf(octets: Uint8Array): ReadStream {
  const at = kept.findLastIndex(
    (one) => one.octets === octets || Buffer.compare(one.octets, octets) === 0,
  );
  const [found] = at < 0 ? [] : kept.splice(at, 1);
  const result = found ?? readOf(octets);
  kept.push(result);
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

/** Octets of a section before what it says of itself: its type and its id. */
const ID_LENGTH = 5;
/** Octets of the id in a footer. */
const FOOTER_ID_LENGTH = 4;

/** A section without the numbers that each release gives it: name, version and content. */
export function bodyOf(
  { octets }: ReadStream,
  { offset = 0, length = 0, hasFooter }: Section,
): Uint8Array {
  const end = offset + length - (hasFooter ? FOOTER_ID_LENGTH : 0);
  return octets.subarray(offset + ID_LENGTH, end);
}

/** False for a section that says nothing. */
export function holds({ content }: Section): boolean {
  return content.kind !== "fields" || content.fields.length + content.subsections.length > 0;
}
