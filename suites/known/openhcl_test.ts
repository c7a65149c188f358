import assert from "node:assert/strict";
import { test } from "node:test";
import { KNOWN } from "./openhcl.ts";

test("KNOWN names each break once, in kebab-case", () => {
  const names = KNOWN.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)+$/);
});

test("KNOWN says of each break where it is described, how it shows, and why", () => {
  for (const { name, link, reason, note } of KNOWN) {
    const path = /^https:\/\/github\.com\/microsoft\/openvmm\/(?:pull|issues|blob)\/\S+$/;
    assert.match(link, path, name);
    assert.ok(reason.length > 0, name);
    assert.match(note, /^[A-Z0-9].*\.$/, name);
  }
});

test("KNOWN excuses no break without a factor, and an oracle only by its name", () => {
  for (const { name, factors, scenarios = [] } of KNOWN) {
    assert.ok(Object.keys(factors).length > 0, name);
    for (const pattern of scenarios) assert.doesNotMatch(pattern, /^(?:\*|oracle\/.*\*)/, name);
  }
});
