import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { RELEASE_NAMES } from "../mesh/mod.ts";
import { existsAt, fieldsAt, variantsAt } from "../schema/history.ts";
import type { Field, History } from "../schema/message.ts";
import type { Type } from "../schema/type.ts";
import { typeText } from "../schema/type_text.ts";
import {
  blobMessage,
  catalogueName,
  type Declaration,
  isOneof,
  MESSAGES,
  messageNamed,
  messageNames,
  typeUrl,
} from "./catalogue.ts";
import { Arm64ProcessorSavedState } from "./partition.ts";
import { VmbusRelayLegacySavedState, VmbusRelaySavedState } from "./vmbus_relay.ts";

/** `[number, name, Rust type]`; for a variant the third is the rows of its fields, if any. */
type Row = readonly [number, string, (string | readonly Row[])?];

interface Layout {
  readonly releases: readonly string[];
  readonly kind: "struct" | "enum";
  readonly rows: readonly Row[];
}

const FIXTURE = new URL("../../fixtures/openhcl/schemas.json", import.meta.url);
const UPSTREAM: Readonly<Record<string, readonly Layout[]>> = JSON.parse(
  readFileSync(FIXTURE, "utf8"),
).messages;

/** What upstream's extract does not have: a macro's type, mesh's own types and the golden rows'. */
const NOT_EXTRACTED = [
  "google.protobuf.Any",
  "openhcl.openhcl_boot.MemoryVtlType",
  "t.M",
  "t.N",
  "t.S32",
  "t.V",
];

test("the catalogue and the extract name the same declarations", () => {
  assert.deepEqual(messageNames(), [...Object.keys(UPSTREAM), ...NOT_EXTRACTED].sort());
});

for (const release of RELEASE_NAMES) {
  test(`declarations of ${release} agree with upstream's in number, name, type and order`, () => {
    const wrong: string[] = [];
    for (const [name, layouts] of Object.entries(UPSTREAM)) {
      const declaration = named(name);
      const layout = layouts.find(({ releases }) => releases.includes(release));
      if (existsAt(declaration, release, RELEASE_NAMES) !== (layout !== undefined)) {
        wrong.push(`${name}: presence`);
      } else if (layout !== undefined) {
        const ours = JSON.stringify(rowsOf(declaration, release));
        const theirs = JSON.stringify(layout.rows.map(plain));
        if (ours !== theirs) wrong.push(`${name}: ${ours} is not ${theirs}`);
      }
    }
    assert.deepEqual(wrong, []);
  });

  test(`numbers and names are unique in every message of ${release}`, () => {
    for (const [name, fields] of scopes(release)) {
      const numbers = fields.map(({ number }) => number);
      const names = fields.map((field) => field.name);
      assert.equal(new Set(numbers).size, numbers.length, `${name}: numbers ${numbers}`);
      assert.equal(new Set(names).size, names.length, `${name}: names ${names}`);
    }
  });

  test(`what a field of ${release} refers to exists in that release`, () => {
    const missing = [...scopes(release)].flatMap(([name, fields]) =>
      fields
        .flatMap((field) => [...declarationsIn(field.type)])
        .filter((declaration) => !existsAt(declaration, release, RELEASE_NAMES))
        .map((declaration) => `${name}: ${declaration.name}`),
    );
    assert.deepEqual(missing, []);
  });
}

test("histories run forward, and inside that of their message", () => {
  for (const [name, declaration] of MESSAGES) {
    const [first, last] = span(declaration);
    assert.ok(first <= last, name);
    const parts: readonly History[] = isOneof(declaration)
      ? declaration.variants
      : declaration.fields;
    for (const part of parts) {
      const [since, until] = span(part);
      assert.ok(since <= until, `${name}: ${JSON.stringify(part.since)} after ${part.until}`);
      if (part.since !== undefined) assert.ok(since > first, `${name}: since ${part.since}`);
      if (part.until !== undefined) assert.ok(until < last, `${name}: until ${part.until}`);
    }
  }
});

test("messageNamed finds layouts that share a name by their suffix", () => {
  assert.equal(messageNamed("vmbus.relay.SavedState"), VmbusRelaySavedState);
  assert.equal(messageNamed("vmbus.relay.SavedState@legacy"), VmbusRelayLegacySavedState);
  assert.equal(messageNamed("vmbus.relay.Nothing"), undefined);
  assert.equal(catalogueName(Arm64ProcessorSavedState).endsWith("@arm64"), true);
  assert.equal(typeUrl(VmbusRelayLegacySavedState), typeUrl(VmbusRelaySavedState));
});

test("blobMessage follows the type URL, and takes the relay's layout on the wire", () => {
  const url = "type.googleapis.com/vmbus.relay.SavedState";
  assert.equal(blobMessage(url, "2411"), VmbusRelaySavedState);
  assert.equal(blobMessage(url, "2505"), VmbusRelayLegacySavedState);
  assert.equal(blobMessage(`https://${url}`, "main"), VmbusRelayLegacySavedState);
  assert.equal(blobMessage(`http://${url}`, "main"), undefined);
  assert.equal(blobMessage(`${url}@legacy`, "main"), undefined);
  assert.equal(blobMessage("type.googleapis.com/underhill.Firmware", "main"), undefined);
  assert.equal(blobMessage("type.googleapis.com/pci.caps.msi.SavedState", "2505"), undefined);
});

function named(name: string): Declaration {
  const declaration = messageNamed(name);
  assert.ok(declaration, name);
  return declaration;
}

function rowsOf(declaration: Declaration, release: string): Row[] {
  if (!isOneof(declaration)) return fieldRows(fieldsAt(declaration, release, RELEASE_NAMES));
  return variantsAt(declaration, release, RELEASE_NAMES).map((variant): Row => {
    const rows = fieldRows(fieldsAt(variant, release, RELEASE_NAMES));
    return rows.length > 0 ? [variant.number, variant.name, rows] : [variant.number, variant.name];
  });
}

function fieldRows(fields: readonly Field[]): Row[] {
  return fields.map(({ number, name, type }) => [number, name, withoutPaths(typeText(type))]);
}

/** Upstream's row with types that read the same as ours. */
function plain([number, name, third]: Row): Row {
  if (third === undefined) return [number, name];
  if (typeof third !== "string") return [number, name, third.map(plain)];
  return [number, name, withoutPaths(withoutAliases(third))];
}

/** Newtypes that are transparent on the wire, and constants. */
const ALIASES: readonly (readonly [RegExp, string])[] = [
  [/<(?:\w+::)*EventLogServices as SaveRestore>::SavedState/, "NoSavedState"],
  [/<[\w:]+(?:<.*>)? as SaveRestore>::SavedState/, "SavedState"],
  [/\bVmTime\b/, "u64"],
  [/\bLogLevel\b/, "u32"],
  [/\bSavedVmgsNonce\b/, "[u8; 12]"],
  [/\bSavedVmgsAuthTag\b/, "[u8; 16]"],
  [/\bSavedVmgsDatastoreKey\b/, "[u8; 32]"],
  [/\bHV_MESSAGE_SIZE\b/, "256"],
  [/\bRSA_2K_MODULUS_SIZE\b/, "256"],
  [/\bRSA_2K_EXPONENT_SIZE\b/, "3"],
  [/\bSavedStateBlob\b/, "Any"],
  [/\( (.*), \)/, "($1)"],
];

function withoutAliases(text: string): string {
  return ALIASES.reduce((text, [alias, meaning]) => text.replace(alias, meaning), text);
}

function withoutPaths(text: string): string {
  return text.replace(/\w+(?:::|\.)/g, "");
}

/** A field, or a variant of an enum. */
type Numbered = Pick<Field, "number" | "name"> & Partial<Pick<Field, "type">>;

/** Messages, enums and variants with fields, by name. */
function* scopes(release: string): Iterable<[string, readonly Numbered[]]> {
  for (const [name, declaration] of MESSAGES) {
    if (!existsAt(declaration, release, RELEASE_NAMES)) continue;
    if (!isOneof(declaration)) {
      yield [name, fieldsAt(declaration, release, RELEASE_NAMES)];
      continue;
    }
    const variants = variantsAt(declaration, release, RELEASE_NAMES);
    yield [name, variants];
    for (const variant of variants) {
      yield [`${name}.${variant.name}`, fieldsAt(variant, release, RELEASE_NAMES)];
    }
  }
}

function* declarationsIn(type: Type | undefined): Iterable<Declaration> {
  if (type === undefined) return;
  if (type.kind === "message") yield type.message;
  else if (type.kind === "oneof") yield type.oneof;
  else if (type.kind === "tuple") for (const of of type.of) yield* declarationsIn(of);
  else if ("of" in type) yield* declarationsIn(type.of);
}

function span({ since, until }: History): [number, number] {
  return [
    since === undefined ? 0 : RELEASE_NAMES.indexOf(since),
    until === undefined ? RELEASE_NAMES.length - 1 : RELEASE_NAMES.indexOf(until),
  ];
}
