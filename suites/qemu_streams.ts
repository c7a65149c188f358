/**
 * Streams read, each once: several readers are judged by the same one.
 *
 * @module
 */
import { readStream, type Section, type Stream } from "../src/qemu_stream/mod.ts";

export interface ReadStream {
  readonly octets: Uint8Array;
  readonly stream: Stream;
  /** Names of sections that hold anything, in order, each once. */
  readonly held: readonly string[];
}

const read = new WeakMap<Uint8Array, ReadStream>();

export function streamOf(octets: Uint8Array): ReadStream {
  let known = read.get(octets);
  if (known === undefined) {
    const stream = readStream(octets);
    const sections = stream.parts.filter((part) => part.kind === "section");
    const held = sections.filter(holds).map(({ idstr }) => idstr);
    known = { octets, stream, held: [...new Set(held)] };
    read.set(octets, known);
  }
  return known;
}

/** False for a section that says nothing. */
export function holds({ content }: Section): boolean {
  return content.kind !== "fields" || content.fields.length + content.subsections.length > 0;
}
