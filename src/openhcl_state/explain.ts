/**
 * The history of a message in words, for the command `explain`.
 *
 * @module
 */
import { RELEASE_NAMES } from "../mesh/mod.ts";
import {
  type FieldHistory,
  historyOf,
  type MessageHistory,
  type VariantHistory,
} from "../schema/message_history.ts";
import { catalogueName, messageNamed } from "./catalogue.ts";

/** The history of the message or enum called `name`, or `undefined` when there is none. */
export function explainMessage(name: string): MessageHistory | undefined {
  const declaration = messageNamed(name);
  if (declaration === undefined) return undefined;
  return { ...historyOf(declaration, RELEASE_NAMES), name: catalogueName(declaration) };
}

/** Width that is readable everywhere. */
const WIDTH_MAX = 100;

/**
 * A history as text: a head, and a table of its fields; where that is too wide, a few lines for
 * each field.
 */
export function explainLines(history: MessageHistory): string[] {
  const { name, kind, source, fields } = history;
  const span = spanText(history).replace(/^all\b/, "all releases");
  const head = [`${name}: ${kind}, ${span}`, source, ""];
  if (fields.length === 0) return [...head, "No fields: always the empty message"];
  const rows = fields.flatMap(rowsOf);
  const title = ["#", kind === "enum" ? "variant" : "field", "type", "releases", "wire"];
  const wide = table([title, ...rows]);
  return [...head, ...(wide.every(({ length }) => length <= WIDTH_MAX) ? wide : list(rows))];
}

/** Number, name and type in one line, and below it since when, and the wire. */
function list(rows: readonly (readonly string[])[]): string[] {
  const indent = Math.max(...rows.map(([number = ""]) => number.length)) + 2;
  return rows.flatMap(([number = "", name = "", type = "", releases = "", wire = ""]) => {
    const title = type === "" ? name : `${name}: ${type}`;
    const margin = " ".repeat(indent + name.search(/\S/));
    const below = `${releases}; ${wire}`.replace("; fails when", "\nfails when").split("\n");
    return [number.padEnd(indent) + title, ...below.map((line) => margin + line)];
  });
}

function rowsOf(field: FieldHistory | VariantHistory): string[][] {
  const own = rowOf(field, "");
  return "fields" in field ? [own, ...field.fields.map((each) => rowOf(each, "  "))] : [own];
}

function rowOf(field: FieldHistory, indent: string): string[] {
  const { number, name, type, wire } = field;
  return [`${indent}${number}`, `${indent}${name}`, type, spanText(field), wire];
}

interface Span {
  readonly since: string;
  readonly until: string | null;
  readonly formerly: string | null;
}

function spanText({ since, until, formerly }: Span): string {
  const span = releasesText(since, until);
  return formerly === null ? span : `${span}, formerly ${formerly}`;
}

function releasesText(since: string, until: string | null): string {
  const first = since === RELEASE_NAMES[0];
  if (until === null) return first ? "all" : `since ${since}`;
  if (until === since) return `${since} only`;
  return first ? `until ${until}` : `${since} to ${until}`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}
