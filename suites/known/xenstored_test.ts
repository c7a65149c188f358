import assert from "node:assert/strict";
import { test } from "node:test";
import { KNOWN } from "./xenstored.ts";

test("KNOWN names each break once, in kebab-case with versions", () => {
  const names = KNOWN.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z0-9]+(?:[-.][a-z0-9]+)+$/);
});

test("KNOWN says of each break where it is described, how it shows, and why", () => {
  for (const { name, link, reason, note } of KNOWN) {
    assert.match(link, /^https:\/\/xenbits\.xen\.org\/\S+$/, name);
    assert.ok(reason.length > 0, name);
    assert.match(note, /^[A-Z0-9-].*\.$/, name);
  }
});

test("KNOWN excuses no break without a factor", () => {
  for (const { name, factors } of KNOWN) assert.ok(Object.keys(factors).length > 0, name);
});
