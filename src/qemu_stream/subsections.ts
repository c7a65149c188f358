/**
 * Where the subsections of a device are: their full names, as {@linkcode leavesOf} gives them,
 * without the values.
 *
 * @module
 */
import type { Body, Field, Subsection } from "./field.ts";
import { label } from "./leaf.ts";
import { shownName } from "./shown_name.ts";

export interface PlacedSubsection {
  readonly path: string;
  /** Its own name, as it is at the end of the path. */
  readonly name: string;
  readonly subsection: Subsection;
}

/** All subsections of `body`, at any depth, in the order of the wire. */
export function subsectionsOf(body: Body): PlacedSubsection[] {
  const found: PlacedSubsection[] = [];
  addBody(found, body, "");
  return found;
}

function addBody(found: PlacedSubsection[], body: Body, prefix: string): void {
  for (const field of body.fields) {
    if (field.kind === "struct" || field.kind === "list") addField(found, field, prefix);
  }
  for (const subsection of body.subsections) {
    const name = `<${shownName(subsection.vmsd)}>`;
    found.push({ path: prefix + name, name, subsection });
    addBody(found, subsection, `${prefix}${name}.`);
  }
}

function addField(found: PlacedSubsection[], field: Field, prefix: string): void {
  const path = prefix + label(field);
  if (field.kind === "struct") addBody(found, field, `${path}.`);
  if (field.kind !== "list") return;
  let index = field.first ?? 0;
  for (const element of field.elements) {
    if (element.kind === "struct") addBody(found, element, `${path}[${index}].`);
    index++;
  }
}
