/**
 * Two dumps compared: what a QEMU with one of them writes, and one with the other reads.
 *
 * @module
 */
import { Comparer } from "./comparer.ts";
import type { Comparison, Difference, Opaque } from "./difference.ts";
import type { Dump, Section } from "./dump.ts";
import { TYPE_RENAMES, WITHOUT_DEVICE } from "./renames_table.ts";

/** The way from `writer` to `reader`; the way back is another one. */
export function compareDumps(writer: Dump, reader: Dump): Comparison {
  const differences: Difference[] = [];
  const opaque: Opaque[] = [];
  const byName = onlyHere(reader, writer);
  let sectionCount = 0;
  for (const section of writer.sections.values()) {
    const { type } = section;
    const other = reader.sections.get(type) ?? renamed(section, reader, byName);
    if (other === undefined) {
      differences.push(absent(section));
      continue;
    }
    sectionCount++;
    if (other.type !== type) {
      const reason = `the reader calls the type ${other.type}; the section keeps its name`;
      const path = section.body?.name ?? "";
      const kind = "section-renamed";
      const severity = "harmless";
      differences.push({ kind, section: type, path, severity, reason, whenThere: severity });
    }
    new Comparer(type, differences, opaque).compare(section, other);
  }
  return { differences, opaque, sectionCount };
}

/** No description of the reader is for this section: a section may be saved without a device. */
function absent({ type, body }: Section): Difference {
  const path = body?.name ?? "";
  const known = WITHOUT_DEVICE.find(({ names }) => names.includes(path));
  const { version = 0 } = body ?? {};
  if (known?.version !== undefined && version > known.version) {
    const has = `the reader has ${known.version}; ${known.source}`;
    const reason = `version ${version} is written, ${has}`;
    const severity = "breaks";
    return { kind: "too-new", section: type, path, severity, reason, whenThere: severity };
  }
  const severity = known === undefined ? "may break" : "harmless";
  const reason =
    known === undefined
      ? "the reader has no such type of device, or saves nothing of it, or without a device"
      : `the reader saves it without a device; ${known.source}`;
  return { kind: "section-absent", section: type, path, severity, reason, whenThere: severity };
}

/** Sections of types that only `dump` has, by their name on the wire where that is theirs alone. */
function onlyHere(dump: Dump, other: Dump): ReadonlyMap<string, Section | undefined> {
  const sections = new Map<string, Section | undefined>();
  for (const section of dump.sections.values()) {
    const name = section.body?.name;
    if (name === undefined || other.sections.has(section.type)) continue;
    sections.set(name, sections.has(name) ? undefined : section);
  }
  return sections;
}

/** The section of the reader that takes what a type with another name has written. */
function renamed(
  { type, body }: Section,
  reader: Dump,
  byName: ReadonlyMap<string, Section | undefined>,
): Section | undefined {
  for (const { names } of TYPE_RENAMES) {
    if (!names.includes(type)) continue;
    const name = names.find((one) => reader.sections.has(one));
    if (name !== undefined) return reader.sections.get(name);
  }
  return body === undefined ? undefined : byName.get(body.name);
}
