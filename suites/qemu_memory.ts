/**
 * Whether a machine that has not run has the memory that it came with, page by page.
 *
 * Pages come in any order, and what is all zeros may be left out; so their octets are compared
 * first, and the pages that they leave a guest with only where those differ.
 *
 * @module
 */
import { Buffer } from "node:buffer";
import { diffRam, readStream, type Stream } from "../src/qemu_stream/mod.ts";
import { bodyOf, type ReadStream } from "./qemu_streams.ts";

const NOTHING = new Uint8Array();
/** Streams with their pages, which hardly anybody asks for. */
const paged = new WeakMap<ReadStream, Stream>();

/** The first pages that `again` has otherwise than `given`, in words. */
export function memoryChangeOf(given: ReadStream, again: ReadStream): string | undefined {
  if (isSame(ramOf(given), ramOf(again))) return undefined;
  const [found] = diffRam(withPages(given), withPages(again));
  const [range] = found?.ranges ?? [];
  if (found === undefined || range === undefined) return undefined;
  const { address, first = address, a, b } = range;
  const more = found.pages === 1 ? "" : `, and ${found.pages - 1} more pages differ`;
  return `field of ${found.block}: 0x${first.toString(16)} was ${hex(a)}, and is ${hex(b)}${more}`;
}

function ramOf(read: ReadStream): readonly Uint8Array[] {
  return read.stream.parts.flatMap((part) =>
    part.kind === "section" && part.content.kind === "ram" ? [bodyOf(read, part)] : [],
  );
}

function isSame(a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  return (
    a.length === b.length && a.every((piece, at) => Buffer.compare(piece, b[at] ?? NOTHING) === 0)
  );
}

function withPages(read: ReadStream): Stream {
  const known = paged.get(read) ?? readStream(read.octets, { keepsRam: true });
  paged.set(read, known);
  return known;
}

function hex(octets: Uint8Array = Uint8Array.of()): string {
  return octets.length === 0 ? "unknown" : Buffer.from(octets.subarray(0, 4)).toString("hex");
}
