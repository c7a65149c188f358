/**
 * Streams read, each once: several readers are judged by the same one.
 *
 * @module
 */
import { readStream, type Stream } from "../src/qemu_stream/mod.ts";

export interface ReadStream {
  readonly octets: Uint8Array;
  readonly stream: Stream;
  /** Names of sections in order, each once. */
  readonly sections: readonly string[];
}

const read = new WeakMap<Uint8Array, ReadStream>();

export function streamOf(octets: Uint8Array): ReadStream {
  let known = read.get(octets);
  if (known === undefined) {
    const stream = readStream(octets);
    const names = stream.parts.flatMap((part) => (part.kind === "section" ? [part.idstr] : []));
    known = { octets, stream, sections: [...new Set(names)] };
    read.set(octets, known);
  }
  return known;
}
