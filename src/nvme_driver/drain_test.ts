import assert from "node:assert/strict";
import { test } from "node:test";
import { DrainBarrier } from "./drain.ts";
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
import { TestMachine, WRITE } from "./test_machine.ts";

const YOUNG = [RELEASE_2511, RELEASE_2607, RELEASE_MAIN];

/** Restored with one write held in flight on queue 1 (processor 0), queue 2 (processor 1) idle. */
function draining(release: NvmeRelease): TestMachine {
  const machine = new TestMachine().open({ release }).use(1);
  machine.controller.hold(1);
  machine.submit(0, WRITE);
  return machine.settle().open({ release }, machine.leave());
}

/** Commands in flight on the device, by queue. */
function inFlight(machine: TestMachine): number[] {
  return [1, 2, 3].map((qid) => machine.inFlight(qid).length);
}

test("from 1.7.2511 no queue takes a command before all old ones have completed", () => {
  for (const release of YOUNG) {
    const machine = draining(release);
    const sent = [0, 1, 2].map((cpu) => machine.submit(cpu));
    machine.settle();
    assert.deepEqual(inFlight(machine), [1, 0, 0], release.name);
    assert.ok(sent.every(({ outcome }) => outcome === null));
    machine.controller.hold(2);
    machine.controller.hold(3);
    machine.controller.release(1);
    machine.settle();
    assert.deepEqual(inFlight(machine), [0, 1, 1]);
    assert.deepEqual(machine.manager.controllers()[0]?.outstandingCids, []);
    machine.controller.release();
    machine.settle();
    assert.ok(sent.every(({ outcome }) => outcome?.status === 0));
  }
});

test("queues that drain at the same instant all send what has waited", () => {
  for (const release of YOUNG) {
    const machine = new TestMachine().open({ release }).use(1);
    for (const qid of [1, 2]) machine.controller.hold(qid);
    for (const cpu of [0, 1]) machine.submit(cpu, WRITE);
    machine.settle().open({ release }, machine.leave());
    const sent = [0, 1].map((cpu) => machine.submit(cpu));
    machine.controller.release();
    machine.settle();
    assert.deepEqual(
      sent.map(({ outcome }) => outcome?.status),
      [0, 0],
      release.name,
    );
  }
});

test("in 2505 a queue without old commands lets new ones overtake those of another queue", () => {
  const machine = draining(RELEASE_2505);
  const [late, early] = [machine.submit(0), machine.submit(1)];
  machine.settle();
  assert.deepEqual([late.outcome, early.outcome?.status], [null, 0]);
  machine.controller.release();
  machine.settle();
  assert.equal(late.outcome?.status, 0);
});

test("new writes overtake old ones only in 2505, where the older data then wins", () => {
  const contentAfter = (release: NvmeRelease) => {
    const machine = new TestMachine().open({ release }).use(1);
    const { content } = machine.memory;
    content.write(0x100 * 4096, new Uint8Array(512).fill(1));
    machine.controller.hold(1);
    machine.submit(0, WRITE);
    machine.settle().open({ release }, machine.leave());
    content.write(0x101 * 4096, new Uint8Array(512).fill(2));
    machine.submit(1, { ...WRITE, pfns: [0x101] });
    machine.settle().controller.release();
    return machine.settle().controller.readBlocks(37, 0, 1)[0];
  };
  assert.deepEqual([RELEASE_2505, ...YOUNG].map(contentAfter), [1, 2, 2, 2]);
});

test("in 2505 a save waits while a queue drains, and hangs when that does not end", () => {
  assert.throws(() => draining(RELEASE_2505).manager.save(true), {
    name: "Stuck",
    message: "io queue 1 does not hear the save",
  });
  const machine = draining(RELEASE_2505);
  machine.clock.after(5_000, () => machine.controller.release());
  const startUs = machine.clock.nowUs;
  assert.ok(machine.manager.save(true));
  assert.ok(machine.clock.nowUs - startUs > 5_000);
});

test("from 1.7.2511 a save is answered while a queue drains", () => {
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
    machine.controller.hold(1);
    for (let index = 1; index <= entries; index++) machine.submit(0);
    assert.equal(machine.settle().inFlight(1).length, entries - 1);
    if (release.savesWhileDraining) assert.ok(machine.manager.save(true));
    else assert.throws(() => machine.manager.save(true), { name: "Stuck" });
  }
});

test("a queue that is full sends what waits as others complete", () => {
  const machine = new TestMachine().open({ release: RELEASE_2505 });
  machine.controller.hold(1);
  const sent = Array.from({ length: 200 }, () => machine.submit(0));
  machine.settle().controller.release();
  machine.settle();
  assert.ok(sent.every(({ outcome }) => outcome?.status === 0));
});

test("a completion that arrives while nobody looks is found after the restore", () => {
  for (const release of [RELEASE_2505, ...YOUNG]) {
    const machine = new TestMachine().open({ release });
    machine.controller.hold(1);
    machine.submit(0);
    const left = machine.settle().leave();
    machine.controller.release();
    machine.settle().open({ release }, left);
    assert.deepEqual(machine.manager.controllers()[0]?.outstandingCids, []);
    const sent = machine.submit(0);
    machine.settle();
    assert.equal(sent.outcome?.status, 0);
  }
});

test("a queue of the last hop that could not be restored keeps all others waiting for ever", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN }).use(1);
  machine.controller.hold(2);
  machine.submit(1);
  const left = machine.settle().leave();
  const disks = left.nvme?.nvme_disks.map(({ pci_id, driver_state }) => {
    const { io, ...worker } = driver_state.worker_data;
    const lost = io.map((queue) => (queue.iv === 1 ? { ...queue, iv: 99 } : queue));
    return { pci_id, driver_state: { ...driver_state, worker_data: { ...worker, io: lost } } };
  });
  const nvme = { cpu_count: 4, nvme_disks: disks ?? [] };
  machine.open({ release: RELEASE_MAIN }, { dma: left.dma, nvme });
  machine.controller.release();
  const sent = machine.submit(0);
  machine.settle();
  assert.equal(sent.outcome, null);
  assert.match(machine.log().join(), /io queue 2 is not restored: failed to map interrupt/);
});

test("a completion for a command that nobody has sent is a panic", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.faults.arm({
    place: { queue: "io", at: "completion" },
    kind: { name: "corrupt", at: 12, octets: Uint8Array.of(3, 0) },
  });
  machine.submit(0);
  assert.throws(() => machine.settle(), {
    name: "Panic",
    message: "completion for unknown cid: qid=1, cid=3",
  });
});

test("DrainBarrier calls those who wait once the last queue has drained, and never again", () => {
  const barrier = new DrainBarrier(2);
  let resumed = 0;
  barrier.wait(() => resumed++);
  barrier.arrive();
  assert.deepEqual([barrier.complete, resumed], [false, 0]);
  barrier.arrive();
  assert.deepEqual([barrier.complete, resumed], [true, 1]);
  barrier.wait(() => resumed++);
  assert.equal(resumed, 1);
});
