/**
 * Writes fields as they lie on the wire, by their types.
 *
 * @module
 */
import { WriteError } from "./error.ts";
import { type Body, type Field, isQueue, SUBSECTION, type Subsection } from "./field.ts";
import type { Sink } from "./sink.ts";
import { codecOf, type Scalar } from "./value.ts";

/** Writes fields, then subsections. */
export function writeBody(sink: Sink, { fields, subsections }: Body): void {
  for (const field of fields) writeField(sink, field);
  for (const subsection of subsections) writeSubsection(sink, subsection);
}

function writeSubsection(sink: Sink, subsection: Subsection): void {
  sink.u8(SUBSECTION);
  writeShortText(sink, subsection.vmsd);
  sink.u32(subsection.version);
  writeBody(sink, subsection);
}

function writeField(sink: Sink, field: Field): void {
  switch (field.kind) {
    case "scalar":
      writeScalars(sink, field, [field.value]);
      return;
    case "scalars":
      writeScalars(sink, field, field.values);
      return;
    case "octets":
      sink.put(field.octets);
      return;
    case "struct":
      writeBody(sink, field);
      return;
    case "list":
      for (const element of field.elements) {
        if (isQueue(field.type)) sink.u8(1);
        writeField(sink, element);
      }
      if (isQueue(field.type)) sink.u8(0);
  }
}

function writeScalars(sink: Sink, { name, type }: Field, values: readonly Scalar[]): void {
  const codec = codecOf(type);
  if (codec === undefined) {
    throw new WriteError(`Cannot write ${name} as values: current type is ${type}`);
  }
  let at = sink.room(codec.size * values.length);
  for (const value of values) {
    codec.write(sink.view, at, value);
    at += codec.size;
  }
}

/** Text behind an octet that has its length. */
export function writeShortText(sink: Sink, text: string): void {
  if (text.length > 255) {
    throw new WriteError(`Cannot write a name as at most 255 octets: it has ${text.length}`);
  }
  sink.u8(text.length);
  sink.text(text);
}
