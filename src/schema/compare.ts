/**
 * Compatibility of two releases by their schemas alone: what a reader makes of bytes that another
 * release has written. Rules of decoding are mesh_protobuf's; whether a machine really writes such
 * a value, or converts it first, is not known here.
 *
 * @module
 */
import { compareFields, type Example, type Sides } from "./compare_fields.ts";
import type { Finding } from "./finding.ts";
import { type Era, existsAt, fieldsIn, variantsAt } from "./history.ts";
import type { Field, Message, Oneof, Variant } from "./message.ts";
import { smallestOf } from "./sample.ts";

/** Declarations by the names under which findings list them. */
export type Declarations = ReadonlyMap<string, Message | Oneof>;

/** What a reader of release `to` makes of bytes of release `from`, by name and number. */
export function compareReleases(
  declarations: Declarations,
  from: string,
  to: string,
  releases: readonly string[],
): Finding[] {
  const sides: Sides = {
    writer: { release: from, releases },
    reader: { release: to, releases },
  };
  const findings: Finding[] = [];
  for (const [name, written] of declarations) {
    if (!existsAt(written, from, releases)) continue;
    const read = counterpart(declarations, name, written, sides);
    if (read === undefined) continue;
    if (read !== written) findings.push(renamedFinding(name, read));
    findings.push(...compareDeclaration(name, written, read, sides));
  }
  return findings.sort(
    (a, b) =>
      compareText(a.message, b.message) || a.number - b.number || compareText(a.kind, b.kind),
  );
}

/** The reader's declaration of the same thing, which may have another name there. */
function counterpart(
  declarations: Declarations,
  name: string,
  written: Message | Oneof,
  { reader }: Sides,
): Message | Oneof | undefined {
  if (existsAt(written, reader.release, reader.releases)) return written;
  for (const [other, declaration] of declarations) {
    const same = declaration.formerly === name || written.formerly === other;
    if (same && existsAt(declaration, reader.release, reader.releases)) return declaration;
  }
  return undefined;
}

function renamedFinding(message: string, read: Message | Oneof): Finding {
  return {
    message,
    number: 0,
    field: "",
    kind: "renamed",
    severity: "harmless",
    text: `is called ${read.name} by the reader: the same by field, but refused as a blob`,
    example: undefined,
  };
}

function compareDeclaration(
  name: string,
  written: Message | Oneof,
  read: Message | Oneof,
  sides: Sides,
): Finding[] {
  if ("fields" in written && "fields" in read) {
    const fields = fieldsIn(written, sides.writer);
    return compareFields(name, fields, fieldsIn(read, sides.reader), sides, (value) => value);
  }
  if ("variants" in written && "variants" in read) return compareOneof(name, written, read, sides);
  throw new TypeError(`Cannot compare ${name} as message or enum: current value is one of each`);
}

function compareOneof(name: string, written: Oneof, read: Oneof, sides: Sides): Finding[] {
  const { writer, reader } = sides;
  const known = variantsAt(read, reader.release, reader.releases);
  return variantsAt(written, writer.release, writer.releases).flatMap((variant): Finding[] => {
    const target = known.find(({ number }) => number === variant.number);
    if (target === undefined) return [unknownVariant(name, variant, writer)];
    const example: Example = (value) => ({ variant: variant.name, value });
    const findings = compareFields(
      `${name}.${variant.name}`,
      payloadOf(variant, writer),
      payloadOf(target, reader),
      sides,
      variant.transparent ? (fields) => ({ variant: variant.name, value: fields["0"] }) : example,
    );
    if (target.name === variant.name || target.formerly === variant.name) return findings;
    if (variant.formerly === target.name) return findings;
    const { number } = variant;
    const text = `is read as ${target.name}`;
    const value = example(smallestOf(fieldsIn(variant, writer), writer));
    return [
      {
        message: name,
        number,
        field: variant.name,
        kind: "meaning-changed",
        severity: "reinterprets",
        text,
        example: value,
      },
      ...findings,
    ];
  });
}

/** A variant's fields; the payload of a transparent one counts as its field 0. */
function payloadOf(variant: Variant, era: Era): readonly Field[] {
  if (variant.transparent === undefined) return fieldsIn(variant, era);
  return [{ number: 0, name: "0", type: variant.transparent }];
}

function unknownVariant(message: string, variant: Variant, writer: Era): Finding {
  const reason = "missing enum variant";
  const value = smallestOf(payloadOf(variant, writer), writer);
  return {
    message,
    number: variant.number,
    field: variant.name,
    kind: "unknown-variant",
    severity: "breaks",
    text: `is refused: ${reason}, the reader does not know this variant`,
    reason,
    example: { variant: variant.name, value: variant.transparent ? value["0"] : value },
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
