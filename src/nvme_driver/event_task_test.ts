import assert from "node:assert/strict";
import { test } from "node:test";
import { doorbellAt } from "../nvme/mod.ts";
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_MAIN } from "./release_2607.ts";
import { PCI_ID, TestMachine } from "./test_machine.ts";

const BOTH = [RELEASE_2505, RELEASE_MAIN];
const LATE = { name: "delay", by: "until-released" } as const;

function opened(release: NvmeRelease): TestMachine {
  const namespaces = [37, 38].map((nsid) => ({ nsid, blocks: 4096n }));
  const machine = new TestMachine({ namespaces }).open({ release });
  machine.manager.namespace(PCI_ID, 38);
  machine.settle().controller.counters.beginHop();
  return machine;
}

function blocksOf(machine: TestMachine): (bigint | undefined)[] {
  return machine.manager.controllers()[0]?.namespaces.map(({ blocks }) => blocks) ?? [];
}

test("EventTask asks for the next event after one that it does not know", () => {
  for (const release of BOTH) {
    const machine = opened(release);
    machine.controller.writeRegister(doorbellAt(40, "submission"), 4, 1);
    machine.settle();
    assert.deepEqual(machine.log(), ["unhandled asynchronous event 0x10000"]);
    machine.controller.changeNamespace(38, 5000n);
    assert.deepEqual(blocksOf(machine.settle()), [4096n, 5000n]);
  }
});

test("EventTask asks no more after a list of changes that cannot be read", () => {
  for (const release of BOTH) {
    const machine = opened(release);
    machine.controller.faults.arm({
      place: { queue: "admin", at: "submission", opcode: "GET_LOG_PAGE" },
      kind: { name: "fail", status: 0x006 },
      time: { times: 1 },
    });
    for (const blocks of [5000n, 6000n]) machine.controller.changeNamespace(38, blocks);
    assert.deepEqual(blocksOf(machine.settle()), [4096n, 4096n]);
    assert.deepEqual(machine.log(), [
      "asynchronous event failure, not processing any more: " +
        "failed to query changed namespace list: " +
        "nvme error: NVMe SCT general error, SC: 0x6",
    ]);
  }
});

test("EventTask asks no more after a request that failed", () => {
  for (const release of BOTH) {
    const machine = new TestMachine().boot({ release });
    machine.controller.faults.arm({
      place: { queue: "admin", at: "submission", opcode: "ASYNCHRONOUS_EVENT_REQUEST" },
      kind: { name: "fail", status: 0x105 },
    });
    machine.manager.namespace(PCI_ID, 37);
    machine.settle();
    const sent = machine.controller.counters.adminOpcodes;
    assert.equal(sent.filter((name) => name === "ASYNCHRONOUS_EVENT_REQUEST").length, 1);
    assert.match(machine.log().join(), /asynchronous event request failed: nvme error/);
  }
});

test("EventTask of 2505 leaves a request in flight at each hop, until there are too many", () => {
  const machine = new TestMachine().open({ release: RELEASE_2505 }).settle();
  for (let hop = 2; hop <= 9; hop++) {
    assert.deepEqual(machine.log(), [], `hop ${hop}`);
    machine.open({ release: RELEASE_2505 }, machine.leave()).settle();
  }
  assert.match(machine.log().join(), /asynchronous event request failed: .*SC: 0x5/);
});

test("a list of more than 1024 changes makes the driver look at all of its namespaces", () => {
  const machine = opened(RELEASE_MAIN);
  machine.controller.faults.arm({
    place: { queue: "admin", at: "submission", opcode: "GET_LOG_PAGE" },
    kind: LATE,
  });
  for (let nsid = 100; nsid <= 1_200; nsid++) machine.controller.changeNamespace(nsid, 8n);
  machine.settle().controller.faults.release();
  machine.settle();
  const looks = machine.controller.counters.adminOpcodes.filter((name) => name === "IDENTIFY");
  assert.equal(looks.length, 2);
});

test("a namespace that changes while it is looked at is looked at once more", () => {
  for (const release of BOTH) {
    const machine = opened(release);
    machine.controller.faults.arm({
      place: { queue: "admin", at: "completion", opcode: "IDENTIFY", nsid: 38 },
      kind: LATE,
      time: { times: 1 },
    });
    machine.controller.changeNamespace(38, 5000n);
    machine.settle().controller.changeNamespace(38, 6000n);
    machine.settle().controller.faults.release();
    assert.deepEqual(blocksOf(machine.settle()), [4096n, 6000n]);
  }
});

test("EventTask gives its pages back, so that it can go on for ever", () => {
  for (const release of BOTH) {
    const machine = opened(release);
    for (let blocks = 5000n; blocks < 5100n; blocks++) {
      machine.controller.changeNamespace(38, blocks);
      machine.settle();
    }
    assert.deepEqual(blocksOf(machine), [4096n, 5099n]);
  }
});
