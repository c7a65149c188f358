import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectAt } from "../machine/mod.ts";
import type { NvmeDriverWorkerSavedState } from "../openhcl_state/mod.ts";
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
import { type Left, PCI_ID, TestMachine, WRITE } from "./test_machine.ts";

const KEEPERS = [RELEASE_2505, RELEASE_2511, RELEASE_2607, RELEASE_MAIN];

/** A machine with queues on all four processors and one command in flight on processor 2. */
function busy(release: NvmeRelease): TestMachine {
  const machine = new TestMachine().open({ release }).use(0, 3, 1);
  machine.controller.hold(4);
  machine.submit(2, WRITE);
  return machine.settle();
}

/** `left` with its only disk's worker state changed. */
function withWorker(left: Left, change: (worker: NvmeDriverWorkerSavedState) => object): Left {
  const { cpu_count = 0, nvme_disks = [] } = left.nvme ?? {};
  const disks = nvme_disks.map(({ pci_id, driver_state }) => {
    const { worker_data } = driver_state;
    const worker = { ...worker_data, ...change(worker_data) };
    return { pci_id, driver_state: { ...driver_state, worker_data: worker } };
  });
  return { dma: left.dma, nvme: { cpu_count, nvme_disks: disks } };
}

/** Live queues of the only controller, by order of restore. */
function liveQids(machine: TestMachine): number[] {
  const [record] = machine.manager.controllers();
  return record?.ioQueues.filter(({ live }) => live).map(({ qid }) => qid) ?? [];
}

test("NvmeDriver.restore() takes over without reset, command in flight included", () => {
  for (const release of KEEPERS) {
    const machine = busy(release);
    const left = machine.leave();
    assert.equal(inspectAt(machine.controller.inspect(), "cc_en"), true);
    machine.open({ release }, left);
    machine.dma.validateRestore();
    const drains = `devices/${PCI_ID}/driver/admin/draining`;
    assert.equal(inspectAt(machine.manager.inspect(), drains), false);
    const [record] = machine.manager.controllers();
    assert.deepEqual([record?.restored, record?.resets], [true, 0], release.name);
    assert.deepEqual(record?.outstandingCids, [0], release.name);
    machine.controller.release();
    machine.settle();
    assert.deepEqual(machine.manager.controllers()[0]?.outstandingCids, []);
    assert.deepEqual(machine.log(), []);
  }
});

test("NvmeDriver.restore() leaves idle queues for later only where the release says so", () => {
  for (const [writer, reader, live] of [
    [RELEASE_2505, RELEASE_2505, [1, 2, 3, 4]],
    [RELEASE_2511, RELEASE_2511, [1, 4]],
    [RELEASE_2607, RELEASE_2511, [1, 4]],
    [RELEASE_2511, RELEASE_2607, [1, 2, 3, 4]],
    [RELEASE_2607, RELEASE_2607, [1, 4]],
    [RELEASE_MAIN, RELEASE_2607, [1, 4]],
  ] as const) {
    const machine = busy(writer);
    machine.open({ release: reader }, machine.leave());
    assert.deepEqual(liveQids(machine), live, `${writer.name} to ${reader.name}`);
    assert.equal(machine.manager.controllers()[0]?.ioQueues.length, 4);
  }
});

test("NvmeDriver.restore() is eager without allow_lazy_restore, from 1.8.2607", () => {
  for (const allow_lazy_restore of [undefined, null, false]) {
    const machine = busy(RELEASE_2607);
    const left = withWorker(machine.leave(), () => ({ allow_lazy_restore }));
    assert.deepEqual(liveQids(machine.open({ release: RELEASE_2607 }, left)), [1, 2, 3, 4]);
  }
});

test("NvmeDriver.restore() goes by interrupt vector when it is eager, from 1.8.2607", () => {
  const reverse = (worker: NvmeDriverWorkerSavedState) => ({
    allow_lazy_restore: false,
    io: worker.io.toReversed(),
  });
  const order = (release: NvmeRelease, writer: NvmeRelease) => {
    const machine = busy(writer);
    machine.open({ release }, withWorker(machine.leave(), reverse));
    const { nvme } = machine.leave();
    return nvme?.nvme_disks[0]?.driver_state.worker_data.io.map(({ iv }) => iv);
  };
  assert.deepEqual(order(RELEASE_2607, RELEASE_2607), [0, 1, 2, 3]);
  const machine = busy(RELEASE_2505);
  const left = withWorker(machine.leave(), reverse);
  machine.open({ release: RELEASE_2505 }, left);
  machine.controller.release();
  machine.settle();
  const saved = machine.leave().nvme?.nvme_disks[0]?.driver_state.worker_data;
  assert.deepEqual(
    saved?.io.map(({ iv }) => iv),
    [3, 2, 1, 0],
  );
});

test("NvmeDriver restores a waiting queue at the first I/O of its processor", () => {
  const machine = busy(RELEASE_MAIN);
  machine.open({ release: RELEASE_MAIN }, machine.leave());
  machine.controller.release();
  const sent = machine.submit(3);
  machine.settle();
  assert.equal(sent.outcome?.status, 0);
  assert.deepEqual(liveQids(machine), [1, 2, 4]);
  assert.deepEqual(machine.controller.counters.adminOpcodes, []);
});

test("NvmeDriver saves a queue that nobody has used since the restore as it was", () => {
  const machine = busy(RELEASE_MAIN);
  const first = machine.leave();
  const second = machine.open({ release: RELEASE_MAIN }, first).leave();
  const byQid = ({ nvme }: Left) =>
    nvme?.nvme_disks[0]?.driver_state.worker_data.io.toSorted((a, b) => a.iv - b.iv);
  assert.deepEqual(byQid(second), byQid(first));
  machine.open({ release: RELEASE_MAIN }, second).dma.validateRestore();
});

test("NvmeDriver gives a new queue the identifier after the highest one", () => {
  for (const release of [RELEASE_2511, RELEASE_2607]) {
    const machine = new TestMachine().open({ release }).use(1);
    machine.open({ release }, machine.leave()).use(2);
    const qids = machine.manager.controllers()[0]?.ioQueues.map(({ qid }) => qid);
    assert.deepEqual(qids, [1, 2, 3]);
  }
});

test("NvmeDriver never gives the first identifier to a queue after a restore", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  const left = withWorker(machine.leave(), () => ({ io: [] }));
  machine.open({ release: RELEASE_MAIN }, left).use(0);
  assert.deepEqual(liveQids(machine), [2]);
});

test("NvmeDriver 2505 drops a queue at the save and then uses an identifier again", () => {
  const machine = new TestMachine().open({ release: RELEASE_2505 }).use(1, 2);
  machine.manager.breakQueue(PCI_ID, 2);
  machine.open({ release: RELEASE_2505 }, machine.leave());
  assert.deepEqual(liveQids(machine), [1, 3]);
  machine.dma.validateRestore();
  const owned = () => {
    const slots = machine.dma.pools().flatMap((pool) => pool.slots);
    return slots.filter(({ state }) => state === "allocated").map(({ pfn }) => pfn);
  };
  // The device still has queue 2, in memory that belongs to nobody any more.
  assert.equal(inspectAt(machine.controller.inspect(), "queues/2/sq_pfn"), `${0x1084}`);
  assert.deepEqual(owned(), [0x1000n, 0x1042n, 0x10c6n]);
  machine.use(1, 1);
  assert.deepEqual(owned(), [0x1000n, 0x1042n, 0x10c6n]);
  assert.equal(machine.log().length, 1);
  assert.match(
    machine.log().join("\n"),
    /falling back cpu=1 fallback_cpu=0: failed to create io completion queue 3: nvme error/,
  );
  assert.deepEqual(liveQids(machine), [1, 3]);
});

test("NvmeDriver.restore() needs a device in operation", () => {
  const machine = busy(RELEASE_MAIN);
  const left = machine.leave();
  machine.controller.functionLevelReset();
  machine.boot({ release: RELEASE_MAIN }, left);
  assert.deepEqual(machine.log(), [
    "failed to restore nvme manager: failed to initialize nvme device: " +
      "device is not ready during restore, csts: 0x0",
  ]);
});

test("NvmeDriver.restore() panics on a missing admin queue in its release's own words", () => {
  for (const [release, message] of [
    [RELEASE_2505, "called `Option::unwrap()` on a `None` value"],
    [RELEASE_2511, "attempted to restore admin queue from empty state"],
    [RELEASE_MAIN, "attempted to restore admin queue from empty state"],
  ] as const) {
    const machine = busy(release);
    const left = withWorker(machine.leave(), () => ({ admin: null }));
    assert.throws(() => machine.boot({ release }, left), { name: "Panic", message });
  }
});

test("NvmeDriver.restore() panics on a queue whose memory is not there", () => {
  const change = (field: object) => (worker: NvmeDriverWorkerSavedState) => ({
    io: worker.io.map((io) => ({ ...io, queue_data: { ...io.queue_data, ...field } })),
  });
  for (const field of [{ base_pfn: 0n }, { mem_len: 4096n }]) {
    const machine = busy(RELEASE_MAIN);
    const left = withWorker(machine.leave(), change(field));
    assert.throws(() => machine.boot({ release: RELEASE_MAIN }, left), {
      name: "Panic",
      message: "unable to find restored mem block",
    });
  }
});

test("NvmeDriver.restore() panics on a processor outside the saved count", () => {
  const machine = busy(RELEASE_MAIN);
  const left = machine.leave();
  const nvme = left.nvme === null ? null : { ...left.nvme, cpu_count: 2 };
  assert.throws(() => machine.boot({ release: RELEASE_MAIN }, { ...left, nvme }), {
    name: "Panic",
    message: "index out of bounds: the len is 2 but the index is 2",
  });
});

test("NvmeDriver.restore() takes a count of processors that nobody has", () => {
  const machine = busy(RELEASE_MAIN);
  const left = machine.leave();
  const nvme = left.nvme === null ? null : { ...left.nvme, cpu_count: 0xffff_ffff };
  machine.boot({ release: RELEASE_MAIN }, { ...left, nvme });
  assert.deepEqual(liveQids(machine), [1, 4]);
});
