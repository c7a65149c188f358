import assert from "node:assert/strict";
import { test } from "node:test";
import { BLACKOUT_PHASES } from "./blackout.ts";
import type { Host } from "./host.ts";
import { boot, restore } from "./openhcl.ts";
import { hostWith, inputsOf, KEPT, REQUEST, service } from "./rehearsal.ts";
import { releaseNamed } from "./releases.ts";

const WITHOUT = inputsOf("nohost,noprivatepool");

const outstanding = ({ storage }: Host) =>
  storage.ledger.outstanding().map(({ kind, vp, disk }) => `${kind} ${vp} ${disk}`);

test("beginWork() has every processor write, so that each one gets its queue", () => {
  const host = hostWith({ devices: "nvme" });
  const openhcl = boot(releaseNamed("main"), host, KEPT);
  for (const { ioQueues } of openhcl.nvme()) {
    assert.deepEqual(ioQueues.map(({ cpu }) => cpu).toSorted(), [0, 1, 2, 3]);
  }
  const { issued, done, oddities } = openhcl.guest.io();
  assert.deepEqual({ issued, done, oddities }, { issued: 12, done: 12, oddities: [] });
});

test("keepBusy() leaves requests in flight, one of which the device ends while nobody runs", () => {
  const host = hostWith({ devices: "nvme" });
  boot(releaseNamed("main"), host, KEPT).save(REQUEST);
  const busy = ["write 1 lun 0", "write 1 lun 1", "read 3 lun 0", "read 3 lun 1"];
  assert.deepEqual(outstanding(host), busy);
  const writes = () => host.nvme[0]?.readBlocks(37, 8, 1)[4];
  const before = writes();
  host.clock.advance(60_000);
  assert.notEqual(writes(), before);
});

test("goOnWorking() ends with everything answered, with and without keepalive", () => {
  for (const inputs of [KEPT, WITHOUT]) {
    const host = hostWith({ devices: "nvme" });
    const openhcl = service(host, ["main", "main"], REQUEST, [inputs, inputs]);
    const { issued, done, oddities } = openhcl.guest.io();
    assert.deepEqual({ issued, done, oddities }, { issued: 35, done: 35, oddities: [] });
    assert.equal(openhcl.guest.tick(), 1);
  }
});

test("endFlights() ends what disks have kept over every save, with and without keepalive", () => {
  for (const inputs of [KEPT, WITHOUT]) {
    const host = hostWith({ devices: "nvme", flight: "chain" });
    const bytes = service(host, ["main", "main"], REQUEST, [inputs, inputs]).save(REQUEST);
    const openhcl = restore(releaseNamed("main"), host, inputs, bytes);
    openhcl.goOn();
    const first = openhcl.guest.io();
    assert.ok(first.outstanding >= 8, `${first.outstanding}`);
    assert.deepEqual(outstanding(host).slice(0, 2), ["write 1 lun 0", "write 1 lun 1"]);
    assert.deepEqual(openhcl.endGuest(), []);
    const { issued, done, oddities } = openhcl.guest.io();
    assert.deepEqual({ issued, oddities }, { issued: done, oddities: [] });
  }
});

test("checkMedium() finds a block that is not what the guest has written", () => {
  const host = hostWith({ devices: "nvme" });
  const openhcl = service(host, ["main", "main"]);
  host.nvme[1]?.namespaces.get(2)?.write(64, new Uint8Array(512));
  assert.match(openhcl.guest.io().oddities[0] ?? "", /the medium of lun 1 has zeros in block 64/);
});

test("blackout() has every phase, and keepalive makes it shorter", () => {
  const [kept = 0, cleared = 0] = [KEPT, WITHOUT].map((inputs) => {
    const host = hostWith({ devices: "nvme" });
    const phases = service(host, ["main", "main"], REQUEST, [inputs, inputs]).blackout();
    assert.deepEqual(
      phases.map(({ phase }) => phase),
      BLACKOUT_PHASES,
    );
    return phases.reduce((sum, { us }) => sum + us, 0);
  });
  assert.ok(kept < cleared, `${kept} µs is not less than ${cleared} µs`);
});
