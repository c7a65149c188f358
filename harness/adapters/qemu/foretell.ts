/**
 * What becomes of one stream, by descriptions alone: the differences between its writer and a
 * reader, as far as they concern the devices, subsections and fields that the stream really has.
 *
 * What it cannot see: sections without a device (RAM, timers, processors), the content of virtio,
 * and whether a reader likes the values.
 *
 * @module
 */
import type { Body, Field, Section, Stream } from "../../../src/qemu_stream/mod.ts";
import type { Comparison, Difference, Dump } from "../../../src/qemu_vmstate/mod.ts";

export interface Forecast {
  /** Differences that concern the stream; what is sent for certain breaks for certain. */
  readonly differences: readonly Difference[];
  /** Sections that no description covers. */
  readonly dark: readonly string[];
  /** Sections that a description does not cover to the end, such as those of virtio. */
  readonly opaque: readonly string[];
}

/** What `comparison`, of the dump of the writer with that of a reader, means for `stream`. */
export function foretell(stream: Stream, writer: Dump, comparison: Comparison): Forecast {
  const types = typesByName(writer);
  const differences: Difference[] = [];
  const dark: string[] = [];
  const opaque: string[] = [];
  const opaqueTypes = new Set(comparison.opaque.map(({ section }) => section));
  for (const part of stream.parts) {
    if (part.kind !== "section" || part.type === "PART" || part.type === "END") continue;
    const candidates = typesOf(part.idstr, types);
    if (candidates === undefined) {
      dark.push(part.idstr);
      continue;
    }
    differences.push(...concerning(part, candidates, comparison));
    if (candidates.some((type) => opaqueTypes.has(type))) opaque.push(part.idstr);
  }
  return { differences, dark, opaque };
}

/** Types of devices by the name of their description, which is on the wire. */
function typesByName(dump: Dump): ReadonlyMap<string, readonly string[]> {
  const types = new Map<string, string[]>();
  for (const { type, body } of dump.sections.values()) {
    const known = types.get(body?.name ?? "");
    if (known === undefined) types.set(body?.name ?? "", [type]);
    else known.push(type);
  }
  return types;
}

/** The types that a section may be of: its name stands behind the place of the device. */
function typesOf(
  idstr: string,
  types: ReadonlyMap<string, readonly string[]>,
): readonly string[] | undefined {
  for (let at = 0; at >= 0; ) {
    const found = types.get(idstr.slice(at));
    if (found !== undefined) return found;
    const slash = idstr.indexOf("/", at);
    at = slash < 0 ? -1 : slash + 1;
  }
  return undefined;
}

/** What is said of all types that the section may be of. */
function* concerning(
  section: Section,
  types: readonly string[],
  { differences }: Comparison,
): Generator<Difference> {
  const [first = "", ...others] = types;
  const ofType = (type: string) => differences.filter((one) => one.section === type);
  const said = others.map((type) => new Set(ofType(type).map(keyOf)));
  for (const difference of ofType(first)) {
    if (!said.every((keys) => keys.has(keyOf(difference)))) continue;
    const sent = isSent(difference, section);
    if (sent === false) continue;
    const severity = sent === true ? difference.whenThere : difference.severity;
    yield { ...difference, section: section.idstr, severity };
  }
}

function keyOf({ kind, path }: Difference): string {
  return `${kind} ${path}`;
}

/** Whether the section has what differs; undefined when that is up to the reader. */
function isSent({ kind, path, subsection }: Difference, section: Section): boolean | undefined {
  if (section.content.kind !== "fields") return undefined;
  if (subsection !== undefined) {
    if (kind === "subsection-added") return false;
    if (!hasSubsection(section.content, subsection)) return false;
    return kind === "field-added" ? undefined : true;
  }
  const names = path.slice(path.indexOf(".") + 1);
  if (kind === "writer-decides") return !hasField(section.content, names);
  return kind === "field-removed" ? hasField(section.content, names) : undefined;
}

function hasSubsection(body: Body, name: string): boolean {
  return (
    body.subsections.some((one) => one.vmsd === name || hasSubsection(one, name)) ||
    bodiesIn(body).some((inner) => hasSubsection(inner, name))
  );
}

/** Whether there is a field with these names, one inside the other; names may have dots. */
function hasField(body: Body, names: string): boolean {
  return body.fields.some((field) => {
    if (field.name === names) return true;
    if (!names.startsWith(`${field.name}.`)) return false;
    const rest = names.slice(field.name.length + 1);
    return bodiesOf(field).some((inner) => hasField(inner, rest));
  });
}

function bodiesIn({ fields }: Body): readonly Body[] {
  return fields.flatMap(bodiesOf);
}

function bodiesOf(field: Field): readonly Body[] {
  if (field.kind === "struct") return [field];
  if (field.kind !== "list") return [];
  return field.elements.flatMap((element) => (element.kind === "struct" ? [element] : []));
}
