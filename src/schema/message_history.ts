/**
 * The history of a message or an enum as plain data, for people and for JSON.
 *
 * @module
 */
import { type Era, existsAt } from "./history.ts";
import type { Field, History, Message, Oneof, Variant } from "./message.ts";
import type { Type } from "./type.ts";
import { typeText, wireText } from "./type_text.ts";

/** One field over the releases that have it under this number, name and type. */
export interface FieldHistory {
  readonly number: number;
  readonly name: string;
  /** As Rust writes it. */
  readonly type: string;
  /** First release that has it. */
  readonly since: string;
  /** Last release that has it; `null` when the newest does. */
  readonly until: string | null;
  /** How it looks on the wire, and what a missing one reads as, in the last release that has it. */
  readonly wire: string;
  /** Its name in earlier releases, when only the name changed. */
  readonly formerly: string | null;
}

/** One variant of an enum, with its own fields. */
export interface VariantHistory extends FieldHistory {
  readonly fields: readonly FieldHistory[];
}

/** A message or an enum. */
export interface MessageHistory {
  readonly name: string;
  readonly kind: "message" | "enum";
  /** Where upstream defines it. */
  readonly source: string;
  readonly since: string;
  readonly until: string | null;
  readonly formerly: string | null;
  /** Fields in the order on the wire, or variants. */
  readonly fields: readonly (FieldHistory | VariantHistory)[];
}

/** The history of `declaration` over `releases`, which are listed oldest first. */
export function historyOf(
  declaration: Message | Oneof,
  releases: readonly string[],
): MessageHistory {
  const own = releases.filter((release) => existsAt(declaration, release, releases));
  const fields =
    "fields" in declaration
      ? declaration.fields.map((field) => fieldHistory(field, own, releases))
      : declaration.variants.map((variant) => variantHistory(variant, own, releases));
  const { name, source } = declaration;
  const kind = "fields" in declaration ? "message" : "enum";
  return { name, kind, source, ...spanOf(declaration, releases, releases), fields };
}

function fieldHistory(
  field: Field,
  within: readonly string[],
  releases: readonly string[],
): FieldHistory {
  const { number, name, type } = field;
  const wire = wireText(type, lastEra(field, within, releases));
  return { number, name, type: typeText(type), ...spanOf(field, within, releases), wire };
}

function variantHistory(
  variant: Variant,
  within: readonly string[],
  releases: readonly string[],
): VariantHistory {
  const { number, name, transparent } = variant;
  const span = spanOf(variant, within, releases);
  const fields = (variant.fields ?? []).map((field) => fieldHistory(field, within, releases));
  const wire = transparent
    ? payloadText(transparent, lastEra(variant, within, releases))
    : "message";
  return { number, name, type: transparent ? typeText(transparent) : "", ...span, wire, fields };
}

function payloadText(type: Type, era: Era): string {
  return `the payload itself: ${wireText(type, era)}`;
}

function spanOf(history: History, within: readonly string[], releases: readonly string[]) {
  const existing = within.filter((release) => existsAt(history, release, releases));
  const last = existing.at(-1) ?? null;
  return {
    since: existing[0] ?? releases[0] ?? "",
    until: last === releases.at(-1) ? null : last,
    formerly: history.formerly ?? null,
  };
}

function lastEra(history: History, within: readonly string[], releases: readonly string[]): Era {
  const existing = within.filter((release) => existsAt(history, release, releases));
  return { release: existing.at(-1) ?? releases[0] ?? "", releases };
}
