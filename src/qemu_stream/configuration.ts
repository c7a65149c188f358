/**
 * The configuration section: the machine type, and what both sides must agree about. Releases
 * before 10.0 do not describe it, so that its subsections have their own rules.
 *
 * Source: QEMU, migration/savevm.c, vmstate_configuration.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import { CutError } from "./error.ts";
import { type Field, SUBSECTION, type Subsection } from "./field.ts";
import { writeBody } from "./field_writer.ts";
import { MACHINE_SIZE_MAX } from "./limits.ts";
import { shownName } from "./shown_name.ts";
import type { Sink } from "./sink.ts";
import { type Configuration, PARTS } from "./stream.ts";

/** Capabilities that are sent; QEMU has a few dozen in all. */
const CAPABILITIES_MAX = 256;

type ReadFields = (cursor: Cursor) => readonly Field[];

const SUBSECTIONS: Readonly<Record<string, ReadFields>> = {
  "configuration/target-page-bits": (cursor) => [uint32(cursor, "target_page_bits")],
  "configuration/capabilities": capabilitiesOf,
  "configuration/uuid": (cursor) => [octets(cursor, "uuid", 16)],
};

/** Reads the section, of which the first octet is still to come. */
export function readConfiguration(cursor: Cursor): Configuration {
  const { offset } = cursor;
  cursor.trail.push("CONFIGURATION");
  cursor.u8("type");
  const { at } = cursor;
  const size = cursor.u32("len");
  if (size > MACHINE_SIZE_MAX) {
    throw cursor.error(`must be at most ${MACHINE_SIZE_MAX}: current value is ${size}`, "len", at);
  }
  const machine = cursor.text(size, "name");
  const subsections: Subsection[] = [];
  for (;;) {
    // Whatever comes next, the configuration is never the end of a stream.
    if (cursor.left === 0) throw new CutError("must go on", cursor.offset, "CONFIGURATION");
    if (cursor.peeked !== SUBSECTION) break;
    subsections.push(subsectionOf(cursor));
  }
  cursor.trail.pop();
  return { offset, machine, subsections };
}

export function writeConfiguration(sink: Sink, { machine, subsections }: Configuration): void {
  sink.u8(PARTS.CONFIGURATION);
  sink.u32(machine.length);
  sink.text(machine);
  writeBody(sink, { vmsd: "configuration", fields: [], subsections });
}

/** Octets of a page: machines that can choose say it. */
export function pageSizeOf({ subsections }: Configuration): number | undefined {
  const bits = fieldOf(subsections, "configuration/target-page-bits", "target_page_bits");
  return bits?.kind === "scalar" ? 2 ** Number(bits.value) : undefined;
}

/** Whether the writer had the capability `name` on and said so. */
export function hasCapability({ subsections }: Configuration, name: string): boolean {
  const list = fieldOf(subsections, "configuration/capabilities", "capabilities");
  if (list?.kind !== "list") return false;
  const octets = new TextEncoder().encode(name);
  return list.elements.some(
    (one) =>
      one.kind === "octets" &&
      one.octets.length === octets.length + 1 &&
      octets.every((octet, index) => one.octets[index + 1] === octet),
  );
}

function fieldOf(subsections: readonly Subsection[], vmsd: string, name: string) {
  const found = subsections.find((one) => one.vmsd === vmsd);
  return found?.fields.find((field) => field.name === name);
}

function subsectionOf(cursor: Cursor): Subsection {
  const { offset, at } = cursor;
  cursor.u8("subsection");
  const vmsd = cursor.shortText("subsection");
  const read = Object.hasOwn(SUBSECTIONS, vmsd) ? SUBSECTIONS[vmsd] : undefined;
  if (read === undefined) {
    const reason = `the subsection must be known: current value is "${shownName(vmsd)}"`;
    throw cursor.error(reason, "subsection", at);
  }
  const version = cursor.u32("version");
  return { vmsd, version, offset, fields: read(cursor), subsections: [] };
}

/** A count, then names behind an octet that has their length. */
function capabilitiesOf(cursor: Cursor): readonly Field[] {
  const { at, offset } = cursor;
  const count = cursor.u32("caps_count");
  if (count > CAPABILITIES_MAX) {
    const reason = `must be at most ${CAPABILITIES_MAX}: current value is ${count}`;
    throw cursor.error(reason, "caps_count", at);
  }
  const { offset: begin } = cursor;
  const elements = Array.from({ length: count }, () => {
    const { offset } = cursor;
    const size = cursor.peeked ?? 0;
    const octets = cursor.take(1 + size, "capabilities");
    return { kind: "octets", name: "capabilities", type: "capability", offset, octets } as const;
  });
  return [
    { kind: "scalar", name: "caps_count", type: "uint32", offset, value: count },
    {
      kind: "list",
      name: "capabilities",
      type: "capability",
      offset: begin,
      first: 0,
      elements,
    },
  ];
}

function uint32(cursor: Cursor, name: string): Field {
  const { offset } = cursor;
  return { kind: "scalar", name, type: "uint32", offset, value: cursor.u32(name) };
}

function octets(cursor: Cursor, name: string, size: number): Field {
  const { offset } = cursor;
  return { kind: "octets", name, type: "buffer", offset, octets: cursor.take(size, name) };
}
