import assert from "node:assert/strict";
import { test } from "node:test";
import type { Host } from "./host.ts";
import { boot, restore } from "./openhcl.ts";
import { hostWith, KEPT, REQUEST, service } from "./rehearsal.ts";
import { releaseNamed } from "./releases.ts";

const MAIN = releaseNamed("main");

test("takeFirstTurn() lets the guest know its machine, with nothing found", () => {
  const host = hostWith();
  const openhcl = boot(MAIN, host, KEPT);
  assert.equal(host.recollection?.turns, 1);
  assert.equal(host.recollection?.view.registers.get("rtc")?.size, 38);
  assert.equal(openhcl.found, null);
  assert.deepEqual(openhcl.refused, []);
});

test("takeTurn() finds what the guest knew, before it changes some of it", () => {
  const host = hostWith();
  const openhcl = service(host, ["main", "main"]);
  const { knew, view } = openhcl.found ?? assert.fail();
  assert.deepEqual(view.registers, knew.registers);
  assert.deepEqual(view.variables, knew.variables);
  assert.deepEqual(view.files, knew.files);
  assert.notDeepEqual(host.recollection?.view.registers, view.registers);
  assert.equal(host.recollection?.turns, 2);
});

test("takeTurn() is not taken when the restore is refused", () => {
  const host = hostWith();
  const bytes = boot(MAIN, host, KEPT).save(REQUEST);
  const was = host.recollection;
  assert.throws(() => restore(MAIN, host, KEPT, bytes.slice(1)));
  assert.equal(host.recollection, was);
});

test("takeTurn() notes the variable that release builds refuse to make shorter at first", () => {
  const refusedBy = (shortensVariable: boolean) =>
    service(hostWith({ shortensVariable }), ["main", "main"]).refused;
  assert.deepEqual(refusedBy(false), []);
  assert.deepEqual(refusedBy(true), ["variable Note: out of space"]);
});

test("endTurn() looks at the clocks again, and lets links flap", () => {
  const host = hostWith({ devices: "nvme+mana" });
  const openhcl = boot(MAIN, host, KEPT);
  const atFirst = clockOf(host);
  host.clock.advance(5_000_000);
  openhcl.save(REQUEST);
  // The guest keeps its disks busy for 10 ms before it is stopped.
  assert.equal(clockOf(host).localMillis - atFirst.localMillis, 5_010);
  assert.deepEqual(
    host.nics.map(({ linkEvents }) => linkEvents),
    [2, 2],
  );
});

function clockOf({ recollection }: Host) {
  return recollection?.view.clock ?? assert.fail();
}
