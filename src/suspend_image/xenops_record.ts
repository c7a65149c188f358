/**
 * The record of xenopsd in a suspend image: when it was written, and the machine as text. A reader
 * demands that it can be read, and then looks at nothing in it.
 *
 * Source: xen-api, ocaml/xenopsd/lib/xenops_server.ml. Fields are optional as `sexp.option` has it:
 * absent, or with a bare value. A field that the reader does not know is refused, so no reader
 * takes the record of a newer writer with one more.
 *
 * @module
 */
import { SuspendImageError } from "./error.ts";
import { readSexp, type Sexp, writeSexp } from "./sexp.ts";

export interface XenopsRecord {
  readonly time: string;
  readonly word_size: number;
  /** The machine as an s-expression in text, which nobody parses. */
  readonly vm_str?: string;
  readonly xs_subtree?: readonly (readonly [string, string])[];
}

export const RECORD_FIELDS = ["time", "word_size", "vm_str", "xs_subtree"] as const;

export type RecordField = (typeof RECORD_FIELDS)[number];

const REQUIRED: readonly RecordField[] = ["time", "word_size"];

/** Reads `text`, each character of which is an octet, for a reader that knows `fields`. */
export function readXenopsRecord(
  text: string,
  base = 0,
  fields: readonly string[] = RECORD_FIELDS,
): XenopsRecord {
  const fault = (reason: string, field?: string) =>
    new SuspendImageError(reason, base, field === undefined ? "Xenops" : `Xenops.${shown(field)}`);
  const sexp = readSexp(text, "Xenops", base);
  if (typeof sexp === "string") throw fault("must be a list of fields");
  const found = new Map<string, Sexp>();
  for (const part of sexp) {
    const [name, value, more] = typeof part === "string" ? [] : part;
    if (typeof name !== "string" || value === undefined || more !== undefined) {
      throw fault("each field must be a name and a value");
    }
    if (!fields.includes(name)) throw fault("must be a field that the reader knows", name);
    if (found.has(name)) throw fault("must be there once", name);
    found.set(name, value);
  }
  for (const name of REQUIRED) if (!found.has(name)) throw fault("must be there", name);
  return typed(found, fault);
}

export function writeXenopsRecord(record: XenopsRecord): string {
  const { time, word_size, vm_str, xs_subtree, ...rest } = record;
  rest satisfies Record<string, never>;
  const fields: Sexp[] = [
    ["time", time],
    ["word_size", `${word_size}`],
  ];
  if (vm_str !== undefined) fields.push(["vm_str", vm_str]);
  if (xs_subtree !== undefined) fields.push(["xs_subtree", xs_subtree]);
  return writeSexp(fields);
}

type Fault = (reason: string, field: string) => SuspendImageError;

function typed(found: ReadonlyMap<string, Sexp>, fault: Fault): XenopsRecord {
  const atom = (name: RecordField): string | undefined => {
    const value = found.get(name);
    if (typeof value === "object") throw fault("must be an atom", name);
    return value;
  };
  const word = atom("word_size") ?? "";
  if (!/^-?\d{1,9}$/.test(word)) throw fault("must be an integer", "word_size");
  const vm_str = atom("vm_str");
  const subtree = found.get("xs_subtree");
  return {
    time: atom("time") ?? "",
    word_size: Number(word),
    ...(vm_str === undefined ? {} : { vm_str }),
    ...(subtree === undefined ? {} : { xs_subtree: pairs(subtree, fault) }),
  };
}

function pairs(value: Sexp, fault: Fault): [string, string][] {
  if (typeof value === "string") throw fault("must be a list of pairs", "xs_subtree");
  return value.map((pair) => {
    const [key, held, more] = typeof pair === "string" ? [] : pair;
    if (typeof key === "string" && typeof held === "string" && more === undefined) {
      return [key, held];
    }
    throw fault("must be a list of pairs", "xs_subtree");
  });
}

/** A name out of a hostile record: cut, and without what a terminal obeys. */
function shown(name: string): string {
  return name.slice(0, 40).replace(/[^\x21-\x7e]/g, "?");
}
