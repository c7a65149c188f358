/**
 * Every golden row: bytes that OpenHCL's own codec wrote or judged, in `fixtures/openhcl`.
 */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromHex, toHex } from "../bytes/hex.ts";
import { codecFor, fromJson, MeshError, RELEASE_NAMES, toJson } from "../mesh/mod.ts";
import { fieldsAt } from "../schema/history.ts";
import type { Field, Message, Oneof } from "../schema/message.ts";
import type { Type } from "../schema/type.ts";
import { blobMessage, type Declaration, messageNamed } from "./catalogue.ts";

interface Row {
  readonly kind: "encode" | "decode";
  readonly release: string;
  readonly message: string;
  readonly description: string;
  readonly hex: string;
  readonly value_json: unknown;
  readonly ok: boolean;
  readonly result: string;
}

const url = new URL("../../fixtures/openhcl/golden.json", import.meta.url);
const rows = JSON.parse(readFileSync(url, "utf8")) as Row[];

function declarationOf({ message }: Row): Declaration {
  const declaration = messageNamed(message);
  assert.ok(declaration, `${message} is in the catalogue`);
  return declaration;
}

for (const [i, row] of rows.entries()) {
  const name = `golden row ${i}: ${row.message} of ${row.release}, ${row.description}`;
  if (row.kind === "encode") {
    test(`${name} is encoded to upstream's bytes`, () => {
      const declaration = declarationOf(row);
      const value = fromJson(declaration, row.release, row.value_json, blobMessage);
      assert.equal(toHex(codecFor(declaration, row.release).encode(value)), row.hex);
    });
    test(`${name} is decoded to upstream's value`, () => {
      const declaration = declarationOf(row);
      const value = codecFor(declaration, row.release).decode(fromHex(row.hex));
      const json = toJson(declaration, row.release, value, blobMessage);
      assert.deepEqual(json, row.value_json);
    });
  } else if (row.ok) {
    test(`${name} is decoded to what upstream prints`, () => {
      const declaration = declarationOf(row);
      const value = codecFor(declaration, row.release).decode(fromHex(row.hex));
      assert.equal(debug(declaration, row.release, value), row.result);
    });
  } else {
    test(`${name} is refused for upstream's reason`, () => {
      const declaration = declarationOf(row);
      assert.throws(
        () => codecFor(declaration, row.release).decode(fromHex(row.hex)),
        (error) => error instanceof MeshError && error.reason === row.result.split(":")[0],
      );
    });
  }
}

test("every fixture of the manifest has the bytes that were recorded, and an origin", () => {
  const folder = new URL("../../fixtures/", import.meta.url);
  const { fixtures } = JSON.parse(readFileSync(new URL("manifest.json", folder), "utf8")) as {
    fixtures: { path: string; sha256: string; origin: string }[];
  };
  assert.ok(fixtures.some(({ path }) => path === "openhcl/golden.json"));
  for (const { path, sha256, origin } of fixtures) {
    // Notes beside the repository are none: nobody can open them.
    assert.doesNotMatch(origin, /^$|\bfacts\//, path);
    const bytes = readFileSync(new URL(path, folder));
    assert.equal(createHash("sha256").update(bytes).digest("hex"), sha256, path);
  }
});

/** A value as Rust's `{:?}` prints it, as far as the rows need. */
function debug(declaration: Message | Oneof, release: string, value: unknown): string {
  if ("variants" in declaration) return (value as { variant: string }).variant;
  const name = declaration.name.slice(declaration.name.lastIndexOf(".") + 1);
  const fields = fieldsAt(declaration, release, RELEASE_NAMES).map((field: Field) => {
    const held = (value as Record<string, unknown>)[field.name];
    return `${field.name}: ${debugValue(field.type, release, held)}`;
  });
  return `${name} { ${fields.join(", ")} }`;
}

function debugValue(type: Type, release: string, value: unknown): string {
  switch (type.kind) {
    case "message":
      return debug(type.message, release, value);
    case "oneof":
      return debug(type.oneof, release, value);
    case "option":
      return value === null ? "None" : `Some(${debugValue(type.of, release, value)})`;
    case "tuple": {
      const elements = type.of.map((of, i) => debugValue(of, release, (value as unknown[])[i]));
      return `(${elements.join(", ")})`;
    }
    case "vec":
    case "array": {
      const elements = (value as unknown[]).map((held) => debugValue(type.of, release, held));
      return `[${elements.join(", ")}]`;
    }
    case "zeroCopy":
      return `Blob${type.length}([${(value as Uint8Array).join(", ")}])`;
    default:
      return value instanceof Uint8Array ? `[${value.join(", ")}]` : String(value);
  }
}
