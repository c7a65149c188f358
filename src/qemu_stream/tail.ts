/**
 * The part of a stream that is read as a whole: its description is at its end, and says what the
 * device sections before it hold.
 *
 * @module
 */
import { OctetView } from "../bytes/octet_view.ts";
import type { Cursor } from "./cursor.ts";
import type { DeviceDescription } from "./description.ts";
import type { readDescription } from "./description_reader.ts";
import { Budget, readBody } from "./field_reader.ts";
import { DESCRIPTION_SIZE_MAX } from "./limits.ts";
import { OWN_RULES } from "./own_rules_table.ts";
import type { Head } from "./section_frame.ts";
import { type Described, FOOTER, PARTS, type Section } from "./stream.ts";

/** Octets of the type and the size before a description. */
const HEAD_SIZE = 5;
const BRACE = 0x7b;

export class Tail {
  readonly described: Described | undefined;
  /** Where the description begins, with its head, or else the octets end. */
  readonly end: number;
  readonly #devices = new Map<string, DeviceDescription[]>();
  readonly #budget = new Budget();

  /** `octets`: all to the end of the stream, which begin at `base` in it. */
  constructor(octets: Uint8Array, base: number, read: typeof readDescription) {
    const at = descriptionAt(octets);
    this.end = at ?? octets.length;
    if (at === undefined) return;
    const text = octets.subarray(at + HEAD_SIZE);
    const description = read(text, base + at + HEAD_SIZE);
    this.described = { offset: base + at, octets: text, description };
    // The first of a name comes first; taken from the end.
    for (const device of description.devices.toReversed()) {
      const same = this.#devices.get(device.name);
      if (same === undefined) this.#devices.set(device.name, [device]);
      else same.push(device);
    }
  }

  /** Reads what is between the head of a section and its footer. */
  readContent(cursor: Cursor, { idstr, version, sectionId }: Head): Section["content"] {
    const body = this.#devices.get(idstr)?.pop() ?? OWN_RULES[`${idstr} ${version}`];
    if (body !== undefined) {
      cursor.trail.push(idstr);
      const { vmsd, fields, subsections } = readBody(cursor, body, this.#budget);
      cursor.trail.pop();
      return { kind: "fields", vmsd, fields, subsections };
    }
    const end = footerAt(cursor, sectionId);
    if (end === undefined) {
      throw cursor.error("must be described, have rules of its own, or a footer", idstr);
    }
    return { kind: "octets", octets: cursor.take(end - cursor.at, idstr) };
  }
}

/** Where a description begins that goes exactly to the end. */
function descriptionAt(octets: Uint8Array): number | undefined {
  const view = new OctetView(octets, false);
  const { length } = octets;
  const first = Math.max(0, length - DESCRIPTION_SIZE_MAX - HEAD_SIZE);
  let at = length - HEAD_SIZE;
  for (;;) {
    at = at < first ? -1 : octets.lastIndexOf(PARTS.VMDESCRIPTION, at);
    if (at < first) return undefined;
    const size = length - at - HEAD_SIZE;
    if (view.u32(at + 1) === size && octets[at + HEAD_SIZE] === BRACE) return at;
    at--;
  }
}

/** Where a footer of section `id` is, behind which another part may begin. */
function footerAt({ view, at: from, end }: Cursor, id: number): number | undefined {
  for (let at = from; ; at++) {
    at = view.octets.indexOf(FOOTER, at);
    if (at < 0 || at + HEAD_SIZE >= end) return undefined;
    const next = view.octets[at + HEAD_SIZE] as number;
    const isPart = next <= PARTS.FULL || next === PARTS.COMMAND;
    if (isPart && view.u32(at + 1) === id) return at;
  }
}
