import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { RELEASE_NAMES } from "../../src/mesh/mod.ts";
import { ServicingInitState } from "../../src/openhcl_state/mod.ts";
import { fieldsAt } from "../../src/schema/history.ts";
import { MANA } from "./tables.ts";

const folder = new URL("../../fixtures/openhcl/", import.meta.url);

/** Tables that are written by hand, as against what upstream's own programs have made. */
const TABLES = readdirSync(folder)
  .filter((name) => name.endsWith(".json"))
  .filter((name) => !/^(?:golden|schemas|compat_findings)\./.test(name));

/** A source begins with a path in microsoft/openvmm. */
const UPSTREAM = /^(?:Guide|openhcl|vm|vmm_core|vmm_tests)(?:\/\w+)+/;

test("every row of every decision table has its source", () => {
  for (const name of TABLES) {
    const { about, ...parts } = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    assert.equal(typeof about, "string", name);
    for (const [part, rows] of Object.entries(parts)) {
      for (const row of rows as { source?: string }[]) {
        assert.match(row.source ?? "", UPSTREAM, `${name} ${part}`);
      }
    }
  }
});

test("every part of every decision table is read by somebody", () => {
  const readers = ["./tables.ts", "../adapters/openhcl/keepalive_table_test.ts"]
    .map((path) => readFileSync(new URL(path, import.meta.url), "utf8"))
    .join("\n");
  for (const name of TABLES) {
    const { about: _, ...parts } = JSON.parse(readFileSync(new URL(name, folder), "utf8"));
    for (const part of Object.keys(parts)) {
      assert.match(readers, new RegExp(`readonly ${part}: readonly`), `${name} ${part}`);
    }
  }
});

test("MANA names the field of mana_state in the releases that have it", () => {
  for (const { releases, field } of MANA.releases) {
    for (const release of releases) {
      const found = fieldsAt(ServicingInitState, release, RELEASE_NAMES).find(
        ({ name }) => name === "mana_state",
      );
      assert.equal(found?.number ?? null, field, release);
    }
  }
});
