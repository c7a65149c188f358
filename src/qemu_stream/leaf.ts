/**
 * The state of a device as values with their full names, such as `parent_obj.config[0]`: what two
 * streams can be compared by. Arrays have their indices, subsections are in angle brackets.
 *
 * @module
 */
import { toHex } from "../bytes/hex.ts";
import type { Body, Field } from "./field.ts";
import { shownName } from "./shown_name.ts";
import type { Scalar } from "./value.ts";

/** A value at the end of the tree. */
export interface Leaf {
  readonly path: string;
  readonly type: string;
  readonly value: Scalar | Uint8Array;
}

/** All values of `body` in the order of the wire. */
export function leavesOf(body: Body, prefix = ""): Leaf[] {
  const leaves: Leaf[] = [];
  addBody(leaves, body, prefix);
  return leaves;
}

function addBody(leaves: Leaf[], body: Body, prefix: string): void {
  for (const field of body.fields) addField(leaves, field, prefix + label(field));
  for (const subsection of body.subsections) {
    const path = `${prefix}<${shownName(subsection.vmsd)}>`;
    leaves.push({ path, type: "version", value: subsection.version });
    addBody(leaves, subsection, `${path}.`);
  }
}

/** The name of a field; of a single element with its index. */
export function label({ name, first, kind }: Field): string {
  const isArray = kind === "list" || kind === "scalars";
  return first === undefined || isArray ? shownName(name) : `${shownName(name)}[${first}]`;
}

function addField(leaves: Leaf[], field: Field, path: string): void {
  const { type, first = 0 } = field;
  switch (field.kind) {
    case "scalar":
      leaves.push({ path, type, value: field.value });
      return;
    case "octets":
      leaves.push({ path, type, value: field.octets });
      return;
    case "struct":
      addBody(leaves, field, `${path}.`);
      return;
    case "scalars": {
      let index = first;
      for (const value of field.values) leaves.push({ path: `${path}[${index++}]`, type, value });
      return;
    }
    case "list": {
      let index = first;
      for (const element of field.elements) addField(leaves, element, `${path}[${index++}]`);
    }
  }
}

/** Octets that are shown of a longer value. */
const OCTETS_SHOWN = 32;

/** A value in a few words: numbers as they are, text of printable octets as text. */
export function shownValue(value: Scalar | Uint8Array): string {
  if (!(value instanceof Uint8Array)) return String(value);
  const text = textOf(value);
  if (text !== undefined) return JSON.stringify(text);
  const hex = toHex(value.subarray(0, OCTETS_SHOWN));
  const more = value.length > OCTETS_SHOWN ? ` and ${value.length - OCTETS_SHOWN} more octets` : "";
  return value.every((octet) => octet === 0) ? `${value.length} zeros` : hex + more;
}

/** Printable characters that only zeros follow. */
function textOf(octets: Uint8Array): string | undefined {
  const zero = octets.indexOf(0);
  const end = zero < 0 ? octets.length : zero;
  const isText = octets.every((octet, at) => (at < end ? octet >= 32 && octet < 127 : octet === 0));
  return end > 1 && isText ? String.fromCharCode(...octets.subarray(0, end)) : undefined;
}
