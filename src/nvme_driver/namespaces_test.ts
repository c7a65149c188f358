import assert from "node:assert/strict";
import { test } from "node:test";
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
import { PCI_ID, TestMachine } from "./test_machine.ts";

const KEEPERS = [RELEASE_2511, RELEASE_2607, RELEASE_MAIN];
const NAMESPACES = [
  { nsid: 37, blocks: 4096n },
  { nsid: 38, blocks: 8192n },
];
const REFUSED = `nvme device ${PCI_ID} error: failed to get namespace`;

function opened(release: NvmeRelease): TestMachine {
  return new TestMachine({ namespaces: NAMESPACES }).open({ release });
}

function known(machine: TestMachine): string[] {
  const [record] = machine.manager.controllers();
  return record?.namespaces.map(({ nsid, blocks }) => `${nsid}:${blocks}`) ?? [];
}

test("Namespaces.get() hands a saved namespace out again without IDENTIFY, from 1.7.2511", () => {
  for (const release of KEEPERS) {
    const machine = opened(release);
    machine.open({ release }, machine.leave());
    assert.deepEqual(machine.controller.counters.adminOpcodes, [], release.name);
    assert.deepEqual(known(machine), ["37:4096"]);
  }
});

test("Namespaces.get() in 2505 always sends IDENTIFY, and a new event request goes out", () => {
  const machine = opened(RELEASE_2505);
  machine.open({ release: RELEASE_2505 }, machine.leave());
  const sent = ["ASYNCHRONOUS_EVENT_REQUEST", "IDENTIFY", "IDENTIFY"];
  assert.deepEqual(machine.controller.counters.adminOpcodes, sent);
});

test("Namespaces.get() hands a namespace out once while it is in use, from 1.7.2511", () => {
  const machine = opened(RELEASE_MAIN);
  assert.throws(() => machine.manager.namespace(PCI_ID, 37), {
    message: `${REFUSED} 37: duplicate namespace 37`,
  });
  opened(RELEASE_2505).manager.namespace(PCI_ID, 37);
});

test("Namespaces.get() refuses a namespace that the controller does not have", () => {
  for (const release of [RELEASE_2505, RELEASE_MAIN]) {
    assert.throws(() => opened(release).manager.namespace(PCI_ID, 99), {
      message: `${REFUSED} 99: namespace not found`,
    });
  }
});

test("Namespaces.save() leaves out what was restored and never asked for", () => {
  const machine = opened(RELEASE_MAIN);
  machine.manager.namespace(PCI_ID, 38);
  machine.open({ release: RELEASE_MAIN }, machine.leave());
  const { nvme } = machine.leave();
  const nsids = nvme?.nvme_disks[0]?.driver_state.namespaces.map(({ nsid }) => nsid);
  assert.deepEqual(nsids, [37]);
});

test("a changed namespace is looked at again, alone from 1.7.2511, with all others in 2505", () => {
  for (const [release, identifies] of [
    [RELEASE_2505, 2],
    [RELEASE_MAIN, 1],
  ] as const) {
    const machine = opened(release);
    machine.manager.namespace(PCI_ID, 38);
    machine.settle().controller.counters.beginHop();
    machine.controller.changeNamespace(38, 16_384n);
    machine.settle();
    assert.deepEqual(known(machine), ["37:4096", "38:16384"]);
    const sent = machine.controller.counters.adminOpcodes.toSorted();
    const looks = Array.from({ length: identifies }, () => "IDENTIFY");
    assert.deepEqual(sent, ["ASYNCHRONOUS_EVENT_REQUEST", "GET_LOG_PAGE", ...looks]);
  }
});

test("a namespace that has gone is not known any more and not saved", () => {
  const machine = opened(RELEASE_MAIN);
  machine.controller.changeNamespace(37, 0n);
  machine.settle();
  assert.deepEqual(known(machine), []);
  assert.deepEqual(machine.leave().nvme?.nvme_disks[0]?.driver_state.namespaces, []);
});

test("a change while OpenHCL restarts reaches the driver without a second request", () => {
  for (const release of KEEPERS) {
    const machine = opened(release);
    const left = machine.leave();
    machine.controller.changeNamespace(37, 5000n);
    machine.open({ release }, left);
    assert.deepEqual(known(machine), ["37:4096"]);
    machine.settle();
    assert.deepEqual(known(machine), ["37:5000"]);
    assert.equal(machine.inFlight(0).length, 1, release.name);
  }
});

test("2505 loses a change that it has asked for before the save, and keeps two requests", () => {
  const machine = opened(RELEASE_2505).settle();
  machine.boot({ release: RELEASE_2505 }, machine.leave());
  assert.equal(machine.settle().inFlight(0).length, 2);
  machine.controller.changeNamespace(37, 5000n);
  machine.settle();
  const sent = machine.controller.counters.adminOpcodes;
  assert.ok(!sent.includes("GET_LOG_PAGE"), sent.join());
});
