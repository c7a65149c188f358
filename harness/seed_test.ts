import assert from "node:assert/strict";
import { test } from "node:test";
import { guidOf, seedOf } from "./seed.ts";

test("guidOf gives a version 4 GUID that depends on seed and name only", () => {
  const guid = guidOf(1, "openhcl@2505>main#0");
  assert.match(guid, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(guidOf(1, "openhcl@2505>main#0"), guid);
});

test("guidOf and seedOf differ for near seeds and near names", () => {
  const guids = new Set<string>();
  const seeds = new Set<number>();
  for (let seed = 0; seed < 20; seed++) {
    for (let name = 0; name < 200; name++) {
      guids.add(guidOf(seed, `condition ${name}`));
      seeds.add(seedOf(seed, `condition ${name}`));
    }
  }
  assert.equal(guids.size, 4000);
  assert.ok(seeds.size > 3990, `${seeds.size} seeds`);
});
