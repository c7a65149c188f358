import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { METHODS } from "./messages.ts";
import { pageText, schemaText } from "./protocol_page.ts";

function textOf(file: string): string {
  return readFileSync(new URL(file, import.meta.url), "utf8");
}

test("the page and the schema say what the shapes of the messages say", () => {
  const how = "run: node harness/adapters/rpc/protocol_page.ts";
  assert.ok(textOf("./PROTOCOL.md") === pageText(), how);
  assert.ok(textOf("./protocol.schema.json") === schemaText(), how);
});

test("each method is on the page, and in the schema with what it is asked and answers", () => {
  const { $defs } = JSON.parse(schemaText()) as { $defs: Record<string, unknown> };
  for (const name of Object.keys(METHODS)) {
    assert.ok(pageText().includes(`\n### ${name}\n`), name);
    for (const part of ["params", "result"]) assert.ok(`${name}.${part}` in $defs, name);
  }
});
