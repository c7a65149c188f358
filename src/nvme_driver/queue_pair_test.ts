import assert from "node:assert/strict";
import { test } from "node:test";
import { doorbellAt } from "../nvme/mod.ts";
import type { QueuePairSavedState } from "../openhcl_state/mod.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_MAIN } from "./release_2607.ts";
import { type Left, PCI_ID, TestMachine } from "./test_machine.ts";

/** `left` with the state of its first I/O queue changed. */
function withQueue(left: Left, change: (queue: QueuePairSavedState) => QueuePairSavedState): Left {
  const disks = left.nvme?.nvme_disks.map(({ pci_id, driver_state }) => {
    const { io, ...worker } = driver_state.worker_data;
    const changed = io.map((queue) => ({ ...queue, queue_data: change(queue.queue_data) }));
    return { pci_id, driver_state: { ...driver_state, worker_data: { ...worker, io: changed } } };
  });
  return { dma: left.dma, nvme: { cpu_count: 4, nvme_disks: disks ?? [] } };
}

/** The queue as if one more entry had been written, and no doorbell rung for it. */
function oneMoreWritten(queue: QueuePairSavedState): QueuePairSavedState {
  const { sq_state, ...handler } = queue.handler_data;
  const { tail, ...sq } = sq_state;
  return { ...queue, handler_data: { ...handler, sq_state: { ...sq, tail: tail + 1 } } };
}

test("QueuePair rings for entries that were written before the save and not rung for", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN }).use(0);
  machine.open({ release: RELEASE_MAIN }, withQueue(machine.leave(), oneMoreWritten));
  // What stands there is an entry of zeros, a FLUSH of no namespace, which nobody waits for.
  machine.settle();
  assert.deepEqual(machine.controller.counters.ioOpcodes, { FLUSH: 1 });
});

test("QueuePair does not ring while it drains", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.hold(1);
  machine.submit(0);
  const left = machine.settle().leave();
  machine.open({ release: RELEASE_MAIN }, withQueue(left, oneMoreWritten));
  machine.settle();
  assert.deepEqual(machine.controller.counters.ioOpcodes, {});
});

test("QueuePair takes completions that its own doorbell makes room for", () => {
  const machine = new TestMachine({ queueEntriesMax: 4 }).open({ release: RELEASE_MAIN });
  machine.use(0, 0);
  // The device believes that nothing has been taken, so that only one more completion fits.
  machine.controller.writeRegister(doorbellAt(1, "completion"), 4, 0);
  const sent = [1, 2, 3].map(() => machine.submit(0));
  machine.settle();
  assert.ok(sent.every(({ outcome }) => outcome?.status === 0));
});

test("QueuePair does not look for completions when it waits for none", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.faults.arm({
    place: { queue: "io", at: "completion" },
    kind: { name: "delay", by: "until-released" },
  });
  machine.submit(0);
  const left = withQueue(machine.settle().leave(), (queue) => {
    const { pending_cmds, ...handler } = queue.handler_data;
    const none = { ...pending_cmds, commands: [] };
    return { ...queue, handler_data: { ...handler, pending_cmds: none } };
  });
  machine.open({ release: RELEASE_MAIN }, left);
  machine.controller.faults.release();
  machine.settle();
  // The next command finds the completion of one that had its key before.
  assert.throws(() => machine.use(0), { name: "Panic", message: /cid sequence number mismatch/ });
});

test("QueuePair keeps on taking completions over many passes of its ring", () => {
  for (const release of [RELEASE_2505, RELEASE_MAIN]) {
    const machine = new TestMachine({ queueEntriesMax: 4 }).open({ release });
    const sent = Array.from({ length: 50 }, () => machine.submit(1));
    machine.settle();
    assert.ok(sent.every(({ outcome }) => outcome?.status === 0));
  }
});

test("QueuePair panics on a head that is outside its ring", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.faults.arm({
    place: { queue: "io", at: "completion" },
    kind: { name: "corrupt", at: 8, octets: Uint8Array.of(0xff, 0xff) },
  });
  assert.throws(() => machine.use(0), {
    name: "Panic",
    message: "assertion failed: head < self.len",
  });
});

test("a device that loses keepalive has its memory freed before it is reset", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.faults.arm({
    place: { queue: "io", at: "submission" },
    kind: { name: "delay", by: 500 },
  });
  machine.submit(0);
  const left = machine.leave();
  assert.deepEqual(machine.memory.owners.strayWrites, []);
  machine.boot({ release: RELEASE_MAIN, keepalive: false }, left);
  // The completion of the read goes to a queue that belongs to nobody any more.
  const [stray] = machine.memory.owners.strayWrites;
  const pages = left.nvme?.nvme_disks[0]?.driver_state.worker_data.io[0]?.queue_data.base_pfn;
  assert.deepEqual(stray, { device: `nvme_${PCI_ID}`, pfn: Number(pages) + 4, owner: null });
});
