import assert from "node:assert/strict";
import { test } from "node:test";
import type { Observer, StepPoint } from "../xenopsd/mod.ts";
import { Pair, runningWorld, sweepMigrations } from "./migrations.ts";

const NEVER = Number.POSITIVE_INFINITY;
const QUIRKS = new Set<never>();

test("sweepMigrations() finds nothing on either host", { timeout: 120_000 }, () => {
  let runs = 0;
  for (const state of sweepMigrations(QUIRKS)) {
    assert.deepEqual(state.broken, []);
    runs = state.runs;
  }
  assert.ok(runs > 150, `${runs} runs`);
});

/** Does something to both hosts before the receiver lets the VM run. */
function found(plant: (pair: Pair) => void, phase: StepPoint["phase"] = "before"): string[] {
  const made: { pair?: Pair } = {};
  const receiver: Observer = {
    onPoint(point) {
      const isHere = point.leaf === "VM_unpause" && point.phase === phase;
      if (isHere && made.pair !== undefined) plant(made.pair);
    },
  };
  const pair = new Pair(runningWorld(QUIRKS), { observers: [{}, receiver] });
  made.pair = pair;
  pair.migrate([0, "crashAt"], NEVER);
  return [...new Set(pair.findings.map(({ invariant }) => invariant))];
}

test("Pair finds nothing in a migration that nobody disturbs", () => {
  assert.deepEqual(
    found(() => {}),
    [],
  );
});

test("Pair finds memory that has changed on the way: I27", () => {
  const plant = ({ worlds: [, { hv }] }: Pair) => {
    const dom = [...hv.doms.values()][0];
    const guestRam = dom?.guestRam.slice();
    if (dom === undefined || guestRam === undefined) return;
    guestRam[0] = (guestRam[0] ?? 0) ^ 1;
    hv.set(dom, { guestRam }, "device");
  };
  assert.deepEqual(found(plant), ["I27"]);
});

test("Pair finds a VM that runs on both hosts: I28", () => {
  const plant = ({ worlds: [{ hv }] }: Pair) => {
    const dom = [...hv.doms.values()][0];
    if (dom !== undefined) hv.set(dom, { paused: false });
  };
  assert.deepEqual(found(plant, "after"), ["I28"]);
});

test("Pair finds a client that is not told of what has come: I7", () => {
  const plant = ({ machines }: Pair) => {
    const updates = machines[1]?.updates;
    if (updates !== undefined) updates.add = () => {};
  };
  assert.deepEqual(found(plant), ["I7"]);
});
