import assert from "node:assert/strict";
import { test } from "node:test";
import { BLACKOUT_PHASES } from "../machine/mod.ts";
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
    // A disk that is late once it may answer.
    const kind = { name: "delay", by: 5_000_000 } as const;
    const place = { queue: "io", at: "completion", opcode: "WRITE" } as const;
    for (const { faults } of host.nvme) faults.arm({ place, kind });
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

function blackoutOf(devices: string, release: string, inputs: typeof KEPT) {
  const host = hostWith({ devices });
  const openhcl = service(host, [release, release], REQUEST, [inputs, inputs]);
  return openhcl.blackout().map(({ phase, us }) => `${phase} ${us}`);
}

test("blackout() has every phase, to the microsecond, and keepalive makes it shorter", () => {
  const start = "start 210000";
  assert.deepEqual(blackoutOf("nvme", "main", KEPT), [
    ...["quiesce 2500", "drain 2000", "serialise 4350", "transfer 56", start, "decode 28"],
    ...["reattach 2030", "first-io 20"],
  ]);
  // Controllers are reset on both sides, and their queues created anew.
  assert.deepEqual(blackoutOf("nvme", "main", WITHOUT), [
    ...["quiesce 2500", "drain 22000", "serialise 4200", "transfer 12", start, "decode 6"],
    ...["reattach 42220", "first-io 50"],
  ]);
});

test("blackout() drains what the host answers, and has no I/O of a guest without disk", () => {
  // 2505 unloads the driver of network adapters whatever is asked for.
  const network = blackoutOf("nvme+mana", "2505", KEPT);
  assert.equal(network[1], "drain 202000");
  const phases = blackoutOf("none", "main", KEPT).map((text) => text.split(" ")[0]);
  assert.deepEqual(phases, BLACKOUT_PHASES.slice(0, -1));
});

test("blackout() of a save that is refused ends as the guest runs on, and a boot has none", () => {
  const host = hostWith({ devices: "nvme" });
  const openhcl = boot(releaseNamed("main"), host, KEPT);
  host.saveFault = "save-fail";
  assert.throws(() => openhcl.save(REQUEST));
  const phases = ["quiesce", "drain", "serialise"];
  assert.deepEqual(
    phases,
    openhcl.blackout().map(({ phase }) => phase),
  );
  assert.deepEqual(boot(releaseNamed("main"), host, KEPT).blackout(), []);
});
