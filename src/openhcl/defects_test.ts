import assert from "node:assert/strict";
import { test } from "node:test";
import { DEFECTS, withDefect } from "./defects.ts";
import type { Release } from "./release.ts";
import { RELEASES, releaseNamed } from "./releases.ts";

/** The rules that a defect changes in `release`, and what they become. */
function changed(release: Release, name: string): string[] {
  const seeded = withDefect(release, name);
  return differences(release, seeded);
}

function differences(before: object, after: object): string[] {
  return Object.entries(after).flatMap(([key, value]) => {
    const was: unknown = Reflect.get(before, key);
    if (was === value) return [];
    const nests = isRecord(was) && isRecord(value);
    return nests ? differences(was, value).map((inner) => `${key}.${inner}`) : [key];
  });
}

function isRecord(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

for (const { name, realIn = [] } of DEFECTS) {
  test(`defect ${name} changes every release but those that really have it`, () => {
    for (const release of RELEASES) {
      const rules = changed(release, name);
      if (realIn.includes(release.name)) assert.deepEqual(rules, [], release.name);
    }
    const rest = RELEASES.filter((release) => !realIn.includes(release.name));
    const some = rest.some((release) => changed(release, name).length > 0);
    assert.ok(some || realIn.length > 0, "it changes nothing");
  });
}

test("DEFECTS have names and links of their own kind", () => {
  const names = DEFECTS.map(({ name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const name of names) assert.match(name, /^[a-z0-9]+(?:-[a-z0-9]+)+$/);
  for (const { link } of DEFECTS)
    assert.match(link, /^https:\/\/github\.com\/microsoft\/openvmm\//);
});

test("withDefect() gives the same release for the same defect, under its own name", () => {
  const main = releaseNamed("main");
  const [{ name } = { name: "" }] = DEFECTS;
  assert.equal(withDefect(main, name), withDefect(main, name));
  assert.equal(withDefect(main, name).name, "main");
});

test("withDefect() refuses a name that no defect has", () => {
  assert.throws(() => withDefect(releaseNamed("main"), "rust"), {
    message: "Cannot seed defect as its name must be one of DEFECTS: current value is rust",
  });
});
