import assert from "node:assert/strict";
import { test } from "node:test";
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
import { PCI_ID, TestMachine } from "./test_machine.ts";

const YOUNG = [RELEASE_2511, RELEASE_2607, RELEASE_MAIN];

/** Restored with one write in flight on queue 1 (processor 0), queue 2 (processor 1) idle. */
function draining(release: NvmeRelease): TestMachine {
  const machine = new TestMachine().open({ release });
  machine.manager.submit(PCI_ID, 1, 37, "READ");
  machine.controller.completeIo();
  machine.manager.poll();
  machine.manager.submit(PCI_ID, 0, 37, "WRITE");
  return machine.open({ release }, machine.leave());
}

/** Commands in flight on the device, by queue. */
function inFlight({ controller }: TestMachine): (number | undefined)[] {
  return [1, 2].map((qid) => controller.queues.get(qid)?.outstanding.length);
}

test("from 1.7.2511 no queue takes a command before all old ones have completed", () => {
  for (const release of YOUNG) {
    const machine = draining(release);
    assert.equal(machine.manager.submit(PCI_ID, 0, 37, "READ"), null);
    assert.equal(machine.manager.submit(PCI_ID, 1, 37, "READ"), null);
    assert.equal(machine.manager.submit(PCI_ID, 2, 37, "READ"), null);
    assert.deepEqual(inFlight(machine), [1, 0]);
    machine.controller.completeIo();
    machine.manager.poll();
    assert.deepEqual(inFlight(machine), [1, 1]);
    assert.equal(machine.controller.queues.get(3)?.outstanding.length, 1);
  }
});

test("in 2505 a queue without old commands lets new ones overtake those of another queue", () => {
  const machine = draining(RELEASE_2505);
  assert.equal(machine.manager.submit(PCI_ID, 0, 37, "WRITE"), null);
  assert.notEqual(machine.manager.submit(PCI_ID, 1, 37, "WRITE"), null);
  assert.deepEqual(inFlight(machine), [1, 1]);
});

test("in 2505 a save hangs while a queue drains, from 1.7.2511 it is answered", () => {
  assert.throws(() => draining(RELEASE_2505).manager.save(true), {
    name: "Stuck",
    message: "io queue 1 does not hear the save",
  });
  for (const release of YOUNG) {
    const machine = draining(release);
    const left = machine.leave();
    machine.open({ release }, left).dma.validateRestore();
    assert.deepEqual(machine.manager.controllers()[0]?.outstandingCids, [0x000]);
  }
});

test("in 2505 a save hangs while a submission queue is full, from 1.7.2511 it is answered", () => {
  for (const [release, entries] of [
    [RELEASE_2505, 64],
    [RELEASE_2511, 256],
  ] as const) {
    const machine = new TestMachine().open({ release });
    const sent = () => machine.manager.submit(PCI_ID, 0, 37, "READ");
    for (let index = 1; index < entries; index++) assert.notEqual(sent(), null);
    assert.equal(sent(), null);
    if (release.savesWhileDraining) assert.ok(machine.manager.save(true));
    else assert.throws(() => machine.manager.save(true), { name: "Stuck" });
  }
});

test("a completion that arrives while nobody looks is found after the restore", () => {
  for (const release of [RELEASE_2505, ...YOUNG]) {
    const machine = new TestMachine().open({ release });
    machine.manager.submit(PCI_ID, 0, 37, "READ");
    const left = machine.leave();
    machine.controller.completeIo();
    machine.open({ release }, left);
    machine.manager.poll();
    assert.deepEqual(machine.manager.controllers()[0]?.outstandingCids, []);
    assert.notEqual(machine.manager.submit(PCI_ID, 0, 37, "READ"), null);
  }
});

test("a completion for a command that nobody has sent is a panic", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.manager.submit(PCI_ID, 0, 37, "READ");
  machine.controller.queues.get(1)?.posted.push({ cid: 3, sqhd: 0, status: 0, dw0: 0 });
  assert.throws(() => machine.manager.poll(), {
    name: "Panic",
    message: "completion for unknown cid: qid=1, cid=3",
  });
});
