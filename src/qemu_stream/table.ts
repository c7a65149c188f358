/**
 * A stream as text: a summary of its parts, and the tree of a section.
 *
 * @module
 */
import type { Body, Field } from "./field.ts";
import { label, shownValue } from "./leaf.ts";
import { openBlobs } from "./open.ts";
import { shownName } from "./shown_name.ts";
import { COMMANDS, type Command, type Section, type Stream } from "./stream.ts";
import type { Scalar } from "./value.ts";

/** Values of an array that one line shows. */
const VALUES_SHOWN = 16;

/** What the stream is and holds, one line for each part; pieces of RAM in a row are one. */
export function* summaryLines(stream: Stream): Generator<string> {
  const { configuration, parts, described, ram, size } = stream;
  const machine = configuration === undefined ? "not said" : shownName(configuration.machine);
  yield `machine ${machine}, ${size} octets, ${parts.length} parts`;
  for (const { name, size, fill, page, xbzrle, compressed } of ram) {
    const packed =
      xbzrle + compressed > 0 ? `, ${xbzrle} as differences, ${compressed} packed` : "";
    const pages = `${page} pages whole, ${fill} of one octet${packed}`;
    yield `ram ${shownName(name)}: ${size} octets, ${pages}`;
  }
  for (let index = 0; index < parts.length; index++) {
    const part = parts[index] as Section | Command;
    let pieces = 1;
    while (isPiece(part) && isPiece(parts[index + 1])) {
      pieces++;
      index++;
    }
    yield lineOfPart(part) + (pieces > 1 ? `, and ${pieces - 1} more` : "");
  }
  if (described === undefined) yield "no description";
  else yield `${at(described.offset)} description of ${described.octets.length} octets`;
}

function isPiece(part: Section | Command | undefined): boolean {
  return part?.kind === "section" && part.type === "PART";
}

function lineOfPart(part: Section | Command): string {
  if (part.kind === "command") {
    const name = COMMANDS[part.command] ?? `0x${part.command.toString(16)}`;
    return `${at(part.offset)} COMMAND ${name}, ${part.octets.length} octets`;
  }
  const { type, idstr, instanceId, version, length = 0, content } = part;
  const what = content.kind === "octets" ? ", neither described nor known" : "";
  const name = `${shownName(idstr)} ${instanceId}, version ${version}`;
  return `${at(part.offset)} ${type.padEnd(5)} ${name}, ${length} octets${what}`;
}

function at(offset: number | undefined): string {
  return String(offset ?? "-").padStart(8);
}

/** A section, and what is in it, indented. */
export function* treeLines(part: Section | Command): Generator<string> {
  yield lineOfPart(part);
  if (part.kind === "command") return;
  const { content, closed } = openBlobs(part);
  if (content.kind === "octets") yield `  ${shownValue(content.octets)}`;
  if (content.kind !== "fields") return;
  yield* bodyLines(content, "  ");
  for (const { field, reason, offset } of closed) {
    yield `  ${field} is not opened, at offset ${offset}: ${reason}`;
  }
}

function* bodyLines(body: Body, indent: string): Generator<string> {
  for (const field of body.fields) yield* fieldLines(field, label(field), indent);
  for (const subsection of body.subsections) {
    yield `${indent}<${shownName(subsection.vmsd)}> version ${subsection.version}`;
    yield* bodyLines(subsection, `${indent}  `);
  }
}

function* fieldLines(field: Field, name: string, indent: string): Generator<string> {
  const type = shownName(field.type);
  switch (field.kind) {
    case "scalar":
      yield `${indent}${name}: ${type} = ${shownValue(field.value)}`;
      return;
    case "octets":
      yield `${indent}${name}: ${type} of ${field.octets.length} = ${shownValue(field.octets)}`;
      return;
    case "scalars":
      yield `${indent}${name}: ${type}[${field.values.length}] = ${shownValues(field.values)}`;
      return;
    case "struct":
      yield `${indent}${name}: ${type} ${shownName(field.vmsd)}`;
      yield* bodyLines(field, `${indent}  `);
      return;
    case "list":
      yield* listLines(field.elements, name, field.first ?? 0, indent);
  }
}

/** Elements one by one; those that are as the one before are counted. */
function* listLines(
  elements: readonly Field[],
  name: string,
  first: number,
  indent: string,
): Generator<string> {
  let before = "";
  let same = 0;
  for (const [index, element] of elements.entries()) {
    const [head = "", ...lines] = fieldLines(element, `${name}[${first + index}]`, indent);
    const text = lines.length === 0 ? head.slice(head.indexOf("]:")) : lines.join("\n");
    if (text === before) {
      same++;
      continue;
    }
    if (same > 0) yield `${indent}and ${same} more like it`;
    before = text;
    same = 0;
    yield head;
    yield* lines;
  }
  if (same > 0) yield `${indent}and ${same} more like it`;
}

function shownValues(values: readonly Scalar[]): string {
  const [first] = values;
  if (values.length > 1 && values.every((value) => value === first)) return `all ${first}`;
  const more = values.length > VALUES_SHOWN ? `, and ${values.length - VALUES_SHOWN} more` : "";
  return values.slice(0, VALUES_SHOWN).join(", ") + more;
}
