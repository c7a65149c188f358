/**
 * The fields of one message, or of one variant, as their writer and their reader declare them.
 *
 * @module
 */
import { absenceOf } from "./absence.ts";
import { type Difference, differenceOf } from "./difference.ts";
import type { Finding } from "./finding.ts";
import type { Era } from "./history.ts";
import type { Field } from "./message.ts";
import { distinct, smallest } from "./sample.ts";
import { defaultText } from "./type_text.ts";

/** Who writes and who reads. */
export interface Sides {
  readonly writer: Era;
  readonly reader: Era;
}

/** Makes a value of the declaration from the values of its fields. */
export type Example = (fields: Record<string, unknown>) => unknown;

/** Compares fields by their numbers; findings are in no particular order. */
export function compareFields(
  message: string,
  written: readonly Field[],
  read: readonly Field[],
  sides: Sides,
  example: Example,
): Finding[] {
  const known = new Map(read.map((field) => [field.number, field]));
  const sent = new Set(written.map(({ number }) => number));
  const values: Record<string, unknown> = {};
  const findings: Finding[] = [];
  for (const field of written) {
    const counterpart = known.get(field.number);
    const difference = counterpart && differenceOf(field, counterpart, sides.writer, sides.reader);
    // Where the smallest value breaks, examples of other findings need another one.
    const fragile = difference?.severity === "breaks" && !difference.distinctly;
    values[field.name] = (fragile ? distinct : smallest)(field.type, sides.writer);
  }
  const missing = read
    .filter(({ number }) => !sent.has(number))
    .map((field) => neverWritten(message, field, sides.reader, example(values)));
  const hopeless = missing.some(({ severity }) => severity === "breaks");
  for (const field of written) {
    const finding = compareField(field, known.get(field.number), read, sides);
    if (finding === undefined) continue;
    const { distinctly, ...rest } = finding;
    const value = (distinctly ? distinct : smallest)(field.type, sides.writer);
    const shown = hopeless ? undefined : example({ ...values, [field.name]: value });
    findings.push({ message, number: field.number, field: field.name, ...rest, example: shown });
  }
  const shows = ({ severity }: Finding) => !hopeless || severity === "breaks";
  return [
    ...findings,
    ...missing.map((finding) => (shows(finding) ? finding : { ...finding, example: undefined })),
  ];
}

type Change = Omit<Difference, "kind" | "severity"> & Pick<Finding, "kind" | "severity">;

function compareField(
  field: Field,
  counterpart: Field | undefined,
  read: readonly Field[],
  { writer, reader }: Sides,
): Change | undefined {
  if (counterpart !== undefined) return differenceOf(field, counterpart, writer, reader);
  const moved = read.find(({ name }) => name === field.name);
  const text = moved
    ? `is dropped: the reader has ${field.name} as field ${moved.number}`
    : "is dropped: the reader does not know it";
  return { kind: "dropped", severity: "loses", text, distinctly: true };
}

function neverWritten(message: string, field: Field, reader: Era, example: unknown): Finding {
  const place = { message, number: field.number, field: field.name };
  const absence = absenceOf(field.type, reader);
  if (absence === undefined) {
    const text = `reads ${defaultText(field.type)}: the writer does not know it`;
    return { ...place, kind: "never-written", severity: "defaults", text, example };
  }
  const { reason } = absence;
  const where = [field.name, ...absence.path].join(".");
  const text = `is refused: ${reason} (${where}), the writer does not know it`;
  return { ...place, kind: "never-written", severity: "breaks", text, reason, example };
}
