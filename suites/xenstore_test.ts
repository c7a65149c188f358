import assert from "node:assert/strict";
import { test } from "node:test";
import { XENSTORE_SUITES } from "./mod.ts";

const all = XENSTORE_SUITES.flatMap(({ name, scenarios }) =>
  scenarios.map((scenario) => ({ id: `${name}/${scenario.name}`, scenario })),
);

test("XENSTORE_SUITES name each claim once, as subject and statement", () => {
  assert.equal(new Set(all.map(({ id }) => id)).size, all.length);
  for (const { id } of all)
    assert.match(id, /^xenstore-[a-z]+(?:-[a-z]+)*(?:\/[a-z]+(?:-[a-z]+)*){2}$/);
});

test("XENSTORE_SUITES make each claim one sentence with a source and a need", () => {
  for (const { id, scenario } of all) {
    assert.match(scenario.must, /^[A-Z][^\n]*[^.\n]$/, id);
    assert.match(scenario.source, /Xen/, id);
    assert.ok(scenario.needs.length > 0, id);
  }
});

test("XENSTORE_SUITES speak of no release and no program", () => {
  for (const { id, scenario } of all) {
    assert.doesNotMatch(`${id} ${scenario.must}`, /4\.1\d|4\.2\d|oxenstored|OCaml/, id);
  }
});
