import assert from "node:assert/strict";
import { test } from "node:test";
import { SUITES } from "./mod.ts";

const all = SUITES.flatMap(({ name, scenarios }) =>
  scenarios.map((scenario) => ({ id: `${name}/${scenario.name}`, scenario })),
);

test("SUITES have unique names in kebab-case", () => {
  const names = SUITES.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z]+(?:-[a-z]+)*$/);
});

test("SUITES state at least 35 claims", () => {
  assert.ok(all.length >= 35, `${all.length} scenarios`);
});

test("SUITES name each claim as subject and statement", () => {
  for (const { id, scenario } of all) {
    assert.match(scenario.name, /^[a-z]+(?:-[a-z]+)*\/[a-z]+(?:-[a-z]+)*$/, id);
  }
});

test("SUITES make each claim one sentence with a source and a need", () => {
  for (const { id, scenario } of all) {
    assert.match(scenario.must, /^[A-Z][^\n]*[^.\n]$/, id);
    assert.match(scenario.source, /openvmm/, id);
    assert.ok(scenario.needs.length > 0, id);
  }
});

test("SUITES speak of no release", () => {
  for (const { id, scenario } of all) {
    assert.doesNotMatch(`${id} ${scenario.must}`, /2411|2505|1\.7|1\.8|\bmain\b/, id);
  }
});
