import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectAt } from "../machine/mod.ts";
import { cidOf } from "../nvme/mod.ts";
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2411 } from "./release_2411.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
import { type Left, PCI_ID, TestMachine, WRITE } from "./test_machine.ts";

const ALL = [RELEASE_2411, RELEASE_2505, RELEASE_2511, RELEASE_2607, RELEASE_MAIN];

/** Driver state of the only disk. */
function driverStateOf({ nvme }: Left) {
  const state = nvme?.nvme_disks[0]?.driver_state;
  assert.ok(state);
  return state;
}

test("NvmeDriver.create() sends the same admin commands in every release, events apart", () => {
  const sent = (release: NvmeRelease) =>
    new TestMachine().open({ release }).controller.counters.adminOpcodes;
  const creation = ["CREATE_IO_COMPLETION_QUEUE", "CREATE_IO_SUBMISSION_QUEUE"];
  for (const release of ALL) {
    const events = "ASYNCHRONOUS_EVENT_REQUEST";
    const order =
      release.asynchronousEvents === "queue"
        ? [events, "IDENTIFY", "SET_FEATURES"]
        : ["IDENTIFY", "SET_FEATURES", events];
    // The older ones look at a namespace again as soon as they have it.
    const looks = release.looksAgain ? ["IDENTIFY", "IDENTIFY"] : ["IDENTIFY"];
    assert.deepEqual(sent(release), [...order, ...creation, ...looks], release.name);
  }
});

test("NvmeDriver.submit() creates one queue for each processor, at its first I/O", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  const sent = [2, 2, 0, 3].map((cpu) => machine.submit(cpu));
  machine.settle();
  assert.ok(sent.every(({ outcome }) => outcome?.status === 0));
  const [record] = machine.manager.controllers();
  assert.deepEqual(
    record?.ioQueues.map(({ qid, cpu, pages, basePfn }) => [qid, cpu, pages, basePfn]),
    [
      [1, 0, 69, 0x1045n],
      [2, 2, 69, 0x108an],
      [3, 3, 69, 0x10cfn],
    ],
  );
});

test("NvmeDriver.submit() panics on a processor that does not exist", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  assert.throws(() => machine.submit(4), {
    name: "Panic",
    message: "index out of bounds: the len is 4 but the index is 4",
  });
});

test("NvmeDriver.submit() falls back to the queue of a lower processor", () => {
  const machine = new TestMachine({ ioQueuesMax: 1 }).open({ release: RELEASE_2505 }).use(3);
  assert.equal(machine.manager.controllers()[0]?.ioQueues.length, 1);
  assert.match(machine.log().join("\n"), /queue count constrained by hardware queue count/);
  assert.match(machine.log().join("\n"), /falling back cpu=3 fallback_cpu=0: no more io queues/);
});

test("NvmeDriver.create() gives queue memory back when the device cannot be used", () => {
  for (const [config, message] of [
    [{ interruptsMax: 0 }, "bad device behavior: max_interrupt_count == 0"],
    [{ queueEntriesMax: 1 }, "bad device behavior. mqes cannot be 0"],
  ] as const) {
    const machine = new TestMachine(config).boot({ release: RELEASE_MAIN });
    assert.throws(() => machine.manager.namespace(PCI_ID, 37), {
      message: `failed to initialize nvme device: ${message}`,
    });
    const states = machine.dma.pools().flatMap(({ slots }) => slots.map(({ state }) => state));
    assert.ok(states.every((state) => state === "free"));
    assert.equal(inspectAt(machine.controller.inspect(), "cc_en"), false);
  }
});

test("NvmeDriver.create() makes queues no longer than the device allows", () => {
  for (const [queueEntriesMax, entries] of [
    [2, 2],
    [255, 255],
    [256, 256],
    [257, 256],
  ] as const) {
    const machine = new TestMachine({ queueEntriesMax }).open({ release: RELEASE_MAIN });
    assert.equal(driverStateOf(machine.leave()).worker_data.qsize, entries);
  }
});

test("NvmeDriver.save() writes the values of its release's queues", () => {
  for (const [release, pages, entries] of [
    [RELEASE_2505, 66, 64],
    [RELEASE_2511, 69, 256],
    [RELEASE_MAIN, 69, 256],
  ] as const) {
    const machine = new TestMachine().open({ release });
    machine.controller.hold(1);
    machine.submit(0, WRITE);
    const { worker_data: worker, device_id } = driverStateOf(machine.leave());
    assert.equal(device_id, PCI_ID);
    assert.deepEqual([worker.qsize, worker.max_io_queues], [entries, 4]);
    const { queue_data: io } = worker.io[0] ?? assert.fail();
    for (const [pair, base] of [
      [worker.admin ?? assert.fail(), 0x1000n],
      [io, 0x1000n + BigInt(pages)],
    ] as const) {
      assert.equal(pair.mem_len, BigInt(pages * 4096));
      assert.equal(pair.base_pfn, base);
      assert.deepEqual([pair.sq_entries, pair.cq_entries], [entries, entries]);
    }
    const { commands, cid_key_bits } = io.handler_data.pending_cmds;
    assert.equal(cid_key_bits, 10);
    const [command] = commands.map((pending) => pending.command);
    assert.deepEqual([command?.length, command?.[0]], [64, 1]);
  }
});

test("NvmeDriver.save() writes ring positions as the commands have moved them", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.use(0);
  machine.controller.hold(1);
  for (const _ of [1, 2]) machine.submit(0);
  assert.deepEqual(machine.settle().manager.controllers()[0]?.outstandingCids, []);
  const { handler_data } =
    driverStateOf(machine.leave()).worker_data.io[0]?.queue_data ?? assert.fail();
  const { sq_state, cq_state, pending_cmds } = handler_data;
  assert.deepEqual(sq_state, { sqid: 1, head: 1, tail: 3, committed_tail: 3, len: 256 });
  assert.deepEqual(cq_state, { cqid: 1, head: 1, committed_head: 1, len: 256, phase: true });
  assert.deepEqual(
    pending_cmds.commands.map(({ command }) => cidOf(command)),
    [0x400, 0x801],
  );
  assert.equal(pending_cmds.next_cid_high_bits, 0xc00);
});

test("NvmeDriver.save() has exactly the fields of its release", () => {
  const fieldsOf = (release: NvmeRelease) => {
    const { worker_data, namespaces } = driverStateOf(new TestMachine().open({ release }).leave());
    const { admin, io } = worker_data;
    return {
      worker: worker_data.allow_lazy_restore,
      io: io.map(({ unmapped }) => unmapped),
      adminAer: admin?.handler_data.aer_handler,
      ioAer: io.map(({ queue_data }) => queue_data.handler_data.aer_handler),
      namespaces: namespaces.map(({ nsid }) => nsid),
    };
  };
  const none = { worker: undefined, io: [undefined], adminAer: undefined, ioAer: [undefined] };
  assert.deepEqual(fieldsOf(RELEASE_2505), { ...none, namespaces: [] });
  const aer = { last_aen: null, await_aen_cid: 0 };
  const young = { io: [false], adminAer: aer, ioAer: [null], namespaces: [37] };
  assert.deepEqual(fieldsOf(RELEASE_2511), { worker: undefined, ...young });
  assert.deepEqual(fieldsOf(RELEASE_2607), { worker: true, ...young });
  assert.deepEqual(fieldsOf(RELEASE_MAIN), { worker: true, ...young });
});

test("NvmeDriver.save() is the last thing that a driver answers", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  assert.ok(machine.manager.save(true));
  const { outcome } = machine.submit(0);
  assert.deepEqual([outcome?.status, outcome?.error?.message], [null, "queue pair is gone"]);
  assert.equal(machine.manager.save(true), null);
});

test("NvmeDriver.save() fails with a queue from 1.7.2511, and drops the queue in 2505", () => {
  const brokenSave = (release: NvmeRelease) => {
    const machine = new TestMachine().open({ release }).use(1);
    machine.manager.breakQueue(PCI_ID, 1);
    const left = machine.leave();
    assert.match(machine.log().join("\n"), /failed to save io queue: queue pair is gone/);
    return left;
  };
  assert.equal(brokenSave(RELEASE_2511).nvme, null);
  assert.equal(brokenSave(RELEASE_MAIN).nvme, null);
  const { dma, nvme } = brokenSave(RELEASE_2505);
  const qids = nvme?.nvme_disks[0]?.driver_state.worker_data.io.map((io) => io.queue_data.qid);
  assert.deepEqual(qids, [2]);
  assert.equal(
    dma.private_pool?.state.filter(({ state }) => state.variant === "Allocated").length,
    3,
  );
});

test("NvmeDriver in an isolated VM takes shared memory, and more of it", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN, isolated: true });
  const [shared] = machine.dma.pools();
  assert.deepEqual([shared?.pool, shared?.slots[0]?.pages], ["shared", 133n]);
  assert.equal(
    inspectAt(machine.manager.inspect(), `devices/${PCI_ID}/driver/bounce_buffer`),
    true,
  );
});
