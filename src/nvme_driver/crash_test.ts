import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import { nvmePoints } from "./points.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_MAIN } from "./release_2607.ts";
import { TestMachine } from "./test_machine.ts";

const KEEPERS = [RELEASE_2505, RELEASE_MAIN];

/** One servicing with I/O in flight; the points that it comes to, in both hops. */
function serviced(release: typeof RELEASE_MAIN, keepalive: boolean): Set<string> {
  const machine = new TestMachine().open({ release }).use(1, 2, 3);
  machine.controller.hold(2);
  machine.submit(1);
  const left = machine.settle().leave(keepalive);
  const before = machine.environment.points.reached;
  machine.open({ release, keepalive }, left);
  return new Set([...before, ...machine.environment.points.reached]);
}

test("nvmePoints() are the points that servicing comes to", () => {
  const reached = new Set<string>();
  for (const release of KEEPERS) {
    for (const keepalive of [true, false]) {
      for (const point of serviced(release, keepalive)) reached.add(point);
    }
  }
  const lost = new TestMachine().open({ release: RELEASE_MAIN });
  lost.open({ release: RELEASE_MAIN, keepalive: false }, lost.leave());
  for (const point of lost.environment.points.reached) reached.add(point);
  assert.deepEqual([...reached].toSorted(), nvmePoints(4).toSorted());
});

test("after a crash at any point of a save the next boot finds the disk and its data", () => {
  for (const release of KEEPERS) {
    for (const point of nvmePoints(4).filter((name) => /\/(?:save|shutdown)\//.test(name))) {
      const machine = new TestMachine().open({ release }).use(1, 2, 3);
      const act = () => {
        throw new Panic("struck");
      };
      machine.strike({ point, passes: 0, act });
      assert.throws(() => machine.leave(!point.includes("/reset/")), { message: "struck" }, point);
      machine.open({ release });
      const sent = machine.submit(3);
      machine.settle();
      assert.equal(sent.outcome?.status, 0, point);
    }
  }
});

test("a driver of a boot that is over hears nothing, whatever the device still does", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.hold(1);
  const sent = machine.submit(0);
  machine.settle().controller.disconnect();
  machine.controller.release();
  machine.settle();
  assert.equal(sent.outcome, null);
});
