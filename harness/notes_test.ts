import assert from "node:assert/strict";
import { test } from "node:test";
import type { Machine } from "./facets/machine.ts";
import { noteOf, notesOf } from "./notes.ts";
import type { Oracle } from "./oracle.ts";
import type { Hop } from "./path.ts";
import type { Scenario } from "./scenario.ts";
import { Watchdog } from "./watchdog.ts";

const CLAIM = { must: "A claim", source: "counter manual, 1", needs: [] };
const HOP: Hop = { implementation: "counter", release: "1", inputs: {} };
const SETTINGS = { size: "small" };
const MACHINE: Machine = { units: { digests: () => new Map([["counter", "7"]]) } };

function scenarioThat(before: () => unknown): Scenario {
  return { ...CLAIM, name: "some", before, after() {} } as Scenario;
}

function oracleThat(before: NonNullable<Oracle["before"]>): Oracle {
  return { ...CLAIM, name: "some", before, judge() {} };
}

async function notes(scenarios: readonly Scenario[], oracles: readonly Oracle[]) {
  using watchdog = new Watchdog();
  return await notesOf({ scenarios, oracles }, MACHINE, HOP, SETTINGS, watchdog);
}

test("notesOf() keeps what everyone carries, also what comes later", async () => {
  const now = scenarioThat(() => 7);
  const later = scenarioThat(() => Promise.resolve(8));
  const nothing = { ...CLAIM, name: "plain", after() {} } as Scenario;
  const oracle = oracleThat(({ units }, hop, settings) => [
    units?.digests().get("counter"),
    hop,
    settings,
  ]);
  const found = await notes([now, later, nothing], [oracle]);
  assert.deepEqual(found.get(now), { carried: 7 });
  assert.deepEqual(found.get(later), { carried: 8 });
  assert.deepEqual(found.get(nothing), { carried: undefined });
  assert.deepEqual(found.get(oracle), { carried: ["7", HOP, SETTINGS] });
});

test("notesOf() keeps why somebody has nothing, and lets the others look", async () => {
  const broken = scenarioThat(() => {
    throw new TypeError("no\n  counter");
  });
  const rejected = scenarioThat(() => Promise.reject(new RangeError("too far")));
  const last = scenarioThat(() => 9);
  const found = await notes([broken, rejected, last], []);
  assert.deepEqual(found.get(broken), { error: "TypeError: no counter" });
  assert.deepEqual(found.get(rejected), { error: "RangeError: too far" });
  assert.deepEqual(found.get(last), { carried: 9 });
});

test("noteOf() keeps why an oracle has nothing", () => {
  const oracle = oracleThat(() => {
    throw new TypeError("no counter");
  });
  assert.deepEqual(noteOf(oracle, MACHINE, HOP, SETTINGS), { error: "TypeError: no counter" });
  const silent: Oracle = { ...CLAIM, name: "silent", judge() {} };
  assert.deepEqual(noteOf(silent, MACHINE, HOP, SETTINGS), { carried: undefined });
});
