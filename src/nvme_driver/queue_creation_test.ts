import assert from "node:assert/strict";
import { test } from "node:test";
import type { AdminOpcode } from "../nvme/mod.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_MAIN } from "./release_2607.ts";
import { PCI_ID, TestMachine } from "./test_machine.ts";

/** A machine that refuses these admin commands, and I/O on a processor without a queue. */
function refusing(...opcodes: readonly AdminOpcode[]): TestMachine {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  for (const opcode of opcodes) {
    machine.controller.faults.arm({
      place: { queue: "admin", at: "submission", opcode },
      kind: { name: "fail", status: 0x006 },
    });
  }
  machine.controller.counters.beginHop();
  return machine.use(2);
}

const CREATE_CQ = "CREATE_IO_COMPLETION_QUEUE";
const CREATE_SQ = "CREATE_IO_SUBMISSION_QUEUE";
const DELETE_CQ = "DELETE_IO_COMPLETION_QUEUE";

test("a completion queue that cannot be created costs the processor its queue", () => {
  const machine = refusing(CREATE_CQ);
  assert.deepEqual(machine.controller.counters.adminOpcodes, [CREATE_CQ]);
  assert.match(
    machine.log().join(),
    /falling back cpu=2 fallback_cpu=0: failed to create io completion queue 2: nvme error/,
  );
  const sent = machine.submit(2);
  assert.equal(machine.settle().inFlight(1).length, 0);
  assert.equal(sent.outcome?.status, 0);
});

test("a submission queue that cannot be created takes its completion queue with it", () => {
  const machine = refusing(CREATE_SQ);
  assert.deepEqual(machine.controller.counters.adminOpcodes, [CREATE_CQ, CREATE_SQ, DELETE_CQ]);
  assert.match(machine.log().join(), /failed to create io submission queue 2: nvme error/);
  const pool = machine.dma.pools().find(({ pool }) => pool === "private");
  const owned = pool?.slots.filter(({ state }) => state === "allocated");
  assert.equal(owned?.length, 2);
});

test("a completion queue that cannot be deleted again is only logged", () => {
  const machine = refusing(CREATE_SQ, DELETE_CQ);
  assert.match(machine.log()[0] ?? "", /^failed to delete completion queue in teardown path: nvme/);
  assert.equal(machine.log().length, 2);
});

test("an identifier that was tried is not tried again, except in 2505", () => {
  for (const [release, qids] of [
    [RELEASE_2505, [1, 2]],
    [RELEASE_MAIN, [1, 3]],
  ] as const) {
    const machine = new TestMachine().open({ release });
    machine.controller.faults.arm({
      place: { queue: "admin", at: "submission", opcode: CREATE_CQ },
      kind: { name: "fail", status: 0x006 },
      time: { times: 1 },
    });
    machine.use(1, 2);
    const [record] = machine.manager.controllers();
    assert.deepEqual(
      record?.ioQueues.map(({ qid }) => qid),
      qids,
      release.name,
    );
  }
});

test("a first queue that cannot be created makes the device fail, with and without a reset", () => {
  const machine = new TestMachine().boot({ release: RELEASE_MAIN });
  machine.controller.faults.arm({
    place: { queue: "admin", at: "submission", opcode: CREATE_SQ },
    kind: { name: "fail", status: 0x006 },
  });
  assert.throws(() => machine.manager.namespace(PCI_ID, 37), {
    message:
      "failed to initialize nvme device: failed to create io queue 1: " +
      "failed to create io submission queue 1: nvme error: NVMe SCT general error, SC: 0x6",
  });
  const { controllerResets, functionLevelResets } = machine.controller.counters;
  assert.deepEqual([controllerResets, functionLevelResets], [2, 1]);
});

test("queues are created one after the other, and I/O waits for its own", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.counters.beginHop();
  const sent = [1, 2, 1].map((cpu) => machine.submit(cpu));
  machine.settle();
  const pair = [CREATE_CQ, CREATE_SQ];
  assert.deepEqual(machine.controller.counters.adminOpcodes, [...pair, ...pair]);
  assert.ok(sent.every(({ outcome }) => outcome?.status === 0));
});
