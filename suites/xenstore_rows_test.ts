import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { test } from "node:test";
import { namePattern } from "../harness/name_pattern.ts";
import { XENSTORE_SUITES } from "./mod.ts";
import { FIXED, INJECTED, OPEN, UNTESTED } from "./xenstore_rows_table.ts";

const ids = XENSTORE_SUITES.flatMap(({ name, scenarios }) =>
  scenarios.map((scenario) => `${name}/${scenario.name}`),
);
const rows = Object.entries({ ...UNTESTED, ...FIXED, ...OPEN, ...INJECTED });

test("each row is held by scenarios that there are, or says why by none", () => {
  for (const [row, held] of rows) {
    if (typeof held === "string") {
      assert.match(held, /^[a-z].{20,}[^.]$/, row);
      continue;
    }
    assert.ok(held.length > 0, row);
    for (const pattern of held) {
      assert.ok(ids.some(namePattern(pattern)), `${row}: ${pattern}`);
    }
  }
});

test("each stream that was injected is a row", () => {
  const folder = new URL("../fixtures/xenstore/injected/", import.meta.url);
  const names = readdirSync(folder).map((name) => name.replace(/\.bin$/, ""));
  assert.deepEqual(Object.keys(INJECTED).sort(), names.sort());
});

test("each commit that a scenario names is a row", () => {
  const sources = XENSTORE_SUITES.flatMap(({ scenarios }) => scenarios.map(({ source }) => source));
  const named = sources.flatMap((source) => source.match(/\b[0-9a-f]{10}\b/g) ?? []);
  assert.ok(named.length >= 15, `${named.length} commits`);
  for (const commit of named) assert.ok(commit in FIXED, commit);
});
