/**
 * Two dumps compared: what a QEMU with one of them writes, and one with the other reads.
 *
 * @module
 */
import { Comparer } from "./comparer.ts";
import type { Comparison, Difference, Opaque } from "./difference.ts";
import type { Dump, Section } from "./dump.ts";
import { TYPE_RENAMES } from "./renames_table.ts";

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
      const reason = "the reader has no such type of device, or saves nothing of it";
      const path = section.body?.name ?? "";
      differences.push({ kind: "section-absent", section: type, path, severity: "breaks", reason });
      continue;
    }
    sectionCount++;
    if (other.type !== type) {
      const reason = `the reader calls the type ${other.type}; the section keeps its name`;
      const path = section.body?.name ?? "";
      const kind = "section-renamed";
      differences.push({ kind, section: type, path, severity: "harmless", reason });
    }
    new Comparer(type, differences, opaque).compare(section, other);
  }
  return { differences, opaque, sectionCount };
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
