/**
 * Decodes and encodes rows in bulk: a JSON line in, a JSON line out, and never an exception. What
 * comes out is the normal form of the bytes, with unknown fields gone.
 *
 * @module
 */
import { fromHex, toHex } from "../bytes/hex.ts";
import { existsAt } from "../schema/history.ts";
import type { Message, Oneof } from "../schema/message.ts";
import { codecFor } from "./codec.ts";
import { MeshError } from "./error.ts";
import { RELEASE_NAMES, releaseNamed } from "./release.ts";

/** The declaration of a name, when there is one. */
export type NameLookup = (name: string) => Message | Oneof | undefined;

/** Answers each row `{"release", "message", "hex"}` with one line. */
export function* recode(rows: Iterable<string>, lookup: NameLookup): Generator<string> {
  for (const row of rows) yield recodeLine(row, lookup);
}

/** Answers one row: `{"ok": true, "hex"}` or `{"ok": false, "reason", "offset"}`. */
export function recodeLine(row: string, lookup: NameLookup): string {
  try {
    const { release, message, hex } = parseRow(row);
    const declaration = declarationOf(message, releaseNamed(release).name, lookup);
    const codec = codecFor(declaration, release);
    const bytes = codec.encode(codec.decode(fromHex(hex)));
    return JSON.stringify({ ok: true, hex: toHex(bytes) });
  } catch (error) {
    if (error instanceof MeshError) {
      return JSON.stringify({ ok: false, reason: error.reason, offset: error.offset });
    }
    const reason = error instanceof Error ? error.message : String(error);
    return JSON.stringify({ ok: false, reason });
  }
}

function parseRow(row: string): { release: string; message: string; hex: string } {
  let parsed: unknown;
  try {
    parsed = JSON.parse(row);
  } catch {
    throw new SyntaxError(`Cannot read row as JSON: current value is ${row.slice(0, 80)}`);
  }
  const fields = (parsed ?? {}) as Record<string, unknown>;
  return {
    release: need(fields, "release"),
    message: need(fields, "message"),
    hex: need(fields, "hex"),
  };
}

function need(fields: Record<string, unknown>, key: string): string {
  const value = fields[key];
  if (typeof value === "string") return value;
  throw new TypeError(
    `Cannot read row as "${key}" must be a string: current value is ${typeof value}`,
  );
}

function declarationOf(name: string, release: string, lookup: NameLookup): Message | Oneof {
  const declaration = lookup(name);
  if (declaration !== undefined && existsAt(declaration, release, RELEASE_NAMES))
    return declaration;
  const where = declaration === undefined ? "any release" : `release ${release}`;
  throw new RangeError(`Cannot find message in ${where}: current value is ${name}`);
}
