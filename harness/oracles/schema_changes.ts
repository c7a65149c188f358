/**
 * What changes between two releases by schema alone, compared with the table of changes: every
 * change must have its row, and every row its change.
 *
 * Source: fixtures/openhcl/evolution.json, from the saved states of microsoft/openvmm release by
 * release.
 *
 * @module
 */
import { RELEASE_NAMES } from "../../src/mesh/mod.ts";
import { catalogueName, isOneof, MESSAGES } from "../../src/openhcl_state/mod.ts";
import { existsAt, fieldsAt } from "../../src/schema/history.ts";
import type { Field } from "../../src/schema/message.ts";
import { ByPair } from "./by_pair.ts";
import { type ChangeRow, EVOLUTION } from "./tables.ts";

type Holder = { readonly fields?: readonly Field[] };

/** Effects that a schema shows by itself; `refused` and `crash` need a value. */
const BY_SCHEMA: readonly string[] = ["dropped", "default", "reinterpreted", "renamed"];

const disagreements = new ByPair<string | undefined>();

/** The first difference between schemas and table for one pair of releases, in words. */
export function firstDisagreement(writer: string, reader: string): string | undefined {
  return disagreements.get(writer, reader, disagreement);
}

/** The row for one field on its way from `writer` to `reader`, if there is one. */
export function changeRow(
  message: string,
  number: number,
  effects: readonly string[],
  writer: string,
  reader: string,
): ChangeRow | undefined {
  return EVOLUTION.rows.find(
    (row) =>
      row.message === message &&
      row.number === number &&
      effects.includes(row.effect) &&
      row.writers.includes(writer) &&
      row.readers.includes(reader),
  );
}

function disagreement(writer: string, reader: string): string | undefined {
  const unseen = new Set(
    EVOLUTION.rows.filter(
      ({ effect, writers, readers }) =>
        BY_SCHEMA.includes(effect) && writers.includes(writer) && readers.includes(reader),
    ),
  );
  for (const [name, holder] of holders(writer, reader)) {
    for (const { number, field, effects } of changes(holder, writer, reader)) {
      const row = changeRow(name, number, effects, writer, reader);
      const where = `${name} #${number} ${field}, ${writer} to ${reader}`;
      if (row === undefined) return `${where}: schemas say ${effects[0]}, the table nothing`;
      unseen.delete(row);
    }
  }
  for (const { message, number, field, effect, value } of unseen) {
    // A row that reads "same" says that nothing changes.
    if (value === "same") continue;
    const where = `${message} #${number} ${field}, ${writer} to ${reader}`;
    // Older readers may not have the message at all, or newer writers no longer.
    if (MESSAGES.has(message) && !existsInBoth(message, writer, reader)) continue;
    return `${where}: the table says ${effect}, schemas nothing`;
  }
  return undefined;
}

function existsInBoth(message: string, writer: string, reader: string): boolean {
  const declaration = MESSAGES.get(message);
  if (declaration === undefined) return false;
  return [writer, reader].every((release) => existsAt(declaration, release, RELEASE_NAMES));
}

/** Messages, and variants with fields, that both releases have. */
function* holders(writer: string, reader: string): Generator<readonly [string, Holder]> {
  for (const declaration of MESSAGES.values()) {
    const name = catalogueName(declaration);
    if (!existsInBoth(name, writer, reader)) continue;
    if (!isOneof(declaration)) yield [name, declaration];
    else for (const variant of declaration.variants) yield [`${name}.${variant.name}`, variant];
  }
}

interface Change {
  readonly number: number;
  readonly field: string;
  /** Rows that may speak of it. */
  readonly effects: readonly string[];
}

function* changes({ fields = [] }: Holder, writer: string, reader: string): Generator<Change> {
  const meant = byNumber(fields, writer);
  const read = byNumber(fields, reader);
  for (const [number, { name }] of meant) {
    const now = read.get(number);
    if (now === undefined) yield { number, field: name, effects: ["dropped"] };
    else if (now.name !== name) {
      yield { number, field: name, effects: ["reinterpreted", "renamed"] };
    }
  }
  for (const [number, { name }] of read) {
    if (!meant.has(number)) yield { number, field: name, effects: ["default", "refused"] };
  }
}

/** The fields of a release by number. */
export function byNumber(fields: readonly Field[], release: string): Map<number, Field> {
  return new Map(
    fieldsAt({ fields }, release, RELEASE_NAMES).map((field) => [field.number, field]),
  );
}
