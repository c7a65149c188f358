/**
 * Reads fields by their description.
 *
 * @module
 */
import type { Cursor } from "./cursor.ts";
import type { BodyDescription, FieldDescription } from "./description.ts";
import { StreamError } from "./error.ts";
import {
  type Body,
  type Field,
  isQueue,
  type ListField,
  type OctetsField,
  type StructField,
  SUBSECTION,
  type Subsection,
} from "./field.ts";
import { FIELDS_MAX, VALUES_OF_FIELD } from "./limits.ts";
import { codecOf, fits, type Scalar } from "./value.ts";

/** Counts down while fields are read, for all sections of a stream. */
export class Budget {
  #left = FIELDS_MAX;

  spend(fields: number, cursor: Cursor, name: string): void {
    this.#left -= fields;
    if (this.#left < 0) throw cursor.error(`at most ${FIELDS_MAX} fields may come`, name);
  }
}

/** Reads fields and subsections from where `cursor` stands. */
export function readBody(cursor: Cursor, body: BodyDescription, budget: Budget): Body {
  const fields: Field[] = [];
  for (const field of body.fields) fields.push(readField(cursor, field, budget));
  const subsections: Subsection[] = [];
  for (const sub of body.subsections) subsections.push(readSubsection(cursor, sub, budget));
  return { vmsd: body.vmsd, fields, subsections };
}

function readSubsection(cursor: Cursor, sub: BodyDescription, budget: Budget): Subsection {
  const { offset, at } = cursor;
  budget.spend(1, cursor, sub.vmsd);
  const isHere = cursor.u8(sub.vmsd) === SUBSECTION && cursor.shortText(sub.vmsd) === sub.vmsd;
  if (!isHere || cursor.u32(sub.vmsd) !== sub.version) {
    const reason = `a subsection of this name and version ${sub.version} must be here`;
    throw cursor.error(reason, sub.vmsd, at);
  }
  cursor.trail.push(sub.vmsd);
  const body = readBody(cursor, sub, budget);
  cursor.trail.pop();
  return { ...body, version: sub.version, offset };
}

function readField(cursor: Cursor, field: FieldDescription, budget: Budget): Field {
  const { name, type, size, arrayLength, first } = field;
  const { offset } = cursor;
  const codec = field.body === undefined ? codecOf(type) : undefined;
  if (codec !== undefined && fits(codec, size)) {
    if (arrayLength !== undefined || codec.isMany) {
      const octets = (arrayLength ?? 1) * size;
      budget.spend(1 + Math.floor(octets / codec.size / VALUES_OF_FIELD), cursor, name);
      let at = cursor.pass(octets, name);
      const values: Scalar[] = [];
      for (; at < cursor.at; at += codec.size) values.push(codec.read(cursor.view, at));
      return { kind: "scalars", name, type, offset, first: first ?? 0, values };
    }
    budget.spend(1, cursor, name);
    const value = codec.read(cursor.view, cursor.pass(size, name));
    if (first === undefined) return { kind: "scalar", name, type, offset, value };
    return { kind: "scalar", name, type, offset, first, value };
  }
  budget.spend(arrayLength ?? 1, cursor, name);
  if (isQueue(type) && arrayLength === undefined) return readQueue(cursor, field, budget);
  if (arrayLength === undefined) return readElement(cursor, field, budget);
  const elements: (StructField | OctetsField)[] = [];
  for (let index = 0; index < arrayLength; index++) {
    elements.push(readElement(cursor, field, budget));
  }
  return { kind: "list", name, type, offset, first: first ?? 0, elements };
}

/** A structure, or octets. */
function readElement(
  cursor: Cursor,
  { name, type, size, first, body }: FieldDescription,
  budget: Budget,
): StructField | OctetsField {
  const { at, offset } = cursor;
  const named = first === undefined ? { name, type, offset } : { name, type, offset, first };
  if (body === undefined) return { kind: "octets", ...named, octets: cursor.take(size, name) };
  cursor.trail.push(name);
  const { vmsd, fields, subsections } = readBody(cursor, body, budget);
  cursor.trail.pop();
  if (cursor.at - at !== size) {
    const reason = `must have ${size} octets: its fields have ${cursor.at - at}`;
    throw cursor.error(reason, name, at);
  }
  return { kind: "struct", ...named, vmsd, fields, subsections };
}

/**
 * A linked list: a 1 before each element, a 0 at the end. The description has the members of an
 * element once for each, and JSON keeps the last of them; when they do not fit, it is octets.
 */
function readQueue(
  cursor: Cursor,
  field: FieldDescription,
  budget: Budget,
): ListField | OctetsField {
  const { name, type, size, body } = field;
  const { at, offset } = cursor;
  const octets = cursor.take(size, name);
  const after = cursor.at;
  const elements: StructField[] = [];
  const depth = cursor.trail.length;
  const { end } = cursor;
  cursor.at = at;
  cursor.end = after;
  try {
    while (cursor.u8(name) === 1 && body !== undefined) {
      budget.spend(1, cursor, name);
      const { offset } = cursor;
      const { vmsd, fields, subsections } = readBody(cursor, body, budget);
      elements.push({ kind: "struct", name, type: "struct", offset, vmsd, fields, subsections });
    }
    if (cursor.at === after && octets.at(-1) === 0) {
      return { kind: "list", name, type, offset, first: 0, elements };
    }
  } catch (error) {
    if (!(error instanceof StreamError)) throw error;
    cursor.trail.length = depth;
  } finally {
    cursor.end = end;
    cursor.at = after;
  }
  return { kind: "octets", name, type, offset, octets };
}
