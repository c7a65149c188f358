/**
 * The stream of old: sections without a length, so that a reader who takes a device for another
 * revision than it is loses its place, and says so at the footer at best.
 *
 * Source: QEMU, migration/savevm.c.
 *
 * @module
 */
import { Cursor } from "../qemu_stream/cursor.ts";
import { StreamError } from "../qemu_stream/error.ts";
import { Sink } from "../qemu_stream/sink.ts";
import { VisitError } from "./error.ts";

const MAGIC = 0x5145_564d;
const FILE_VERSION = 3;
const END = 0;
const FULL = 4;
const FOOTER = 0x7e;
/** Sections of one stream. */
export const SECTIONS_MAX = 1024;

export interface LegacySection {
  readonly device: string;
  readonly version: number;
  readonly octets: Uint8Array;
}

export function writeLegacy(sections: readonly LegacySection[]): Uint8Array {
  const sink = new Sink();
  sink.u32(MAGIC);
  sink.u32(FILE_VERSION);
  sections.forEach(({ device, version, octets }, id) => {
    sink.u8(FULL);
    sink.u32(id);
    sink.u8(device.length);
    sink.text(device);
    sink.u32(0);
    sink.u32(version);
    sink.put(octets);
    sink.u8(FOOTER);
    sink.u32(id);
  });
  sink.u8(END);
  return sink.octets;
}

/** Has `load` read each section from where the cursor is. Throws a `VisitError`. */
export function readLegacy(
  octets: Uint8Array,
  load: (device: string, version: number, cursor: Cursor) => void,
): void {
  const cursor = new Cursor(octets);
  try {
    if (cursor.u32("magic") !== MAGIC) throw new VisitError("magic", "it must be QEVM");
    if (cursor.u32("version") !== FILE_VERSION) {
      throw new VisitError("version", `it must be ${FILE_VERSION}`);
    }
    for (let count = 0; ; count++) {
      const type = cursor.u8("type");
      if (type === END) break;
      if (type !== FULL)
        throw new VisitError("type", `it must be ${FULL}: current value is ${type}`);
      if (count === SECTIONS_MAX) {
        throw new VisitError("sections", `there must be at most ${SECTIONS_MAX}`);
      }
      readSection(cursor, load);
    }
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    throw new VisitError("the stream", `it must go on: ${error.message}`);
  }
}

function readSection(
  cursor: Cursor,
  load: (device: string, version: number, cursor: Cursor) => void,
): void {
  const id = cursor.u32("section_id");
  const device = cursor.shortText("idstr");
  cursor.u32("instance_id");
  load(device, cursor.u32("version_id"), cursor);
  const isFooter = cursor.peeked === FOOTER;
  if (isFooter) cursor.u8("footer");
  if (!isFooter || cursor.u32("footer") !== id) {
    throw new VisitError(device, "its section must end with its footer");
  }
}
