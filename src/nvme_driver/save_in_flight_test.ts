import assert from "node:assert/strict";
import { test } from "node:test";
import type { AdminOpcode } from "../nvme/mod.ts";
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
import { type Left, TestMachine } from "./test_machine.ts";

const YOUNG = [RELEASE_2511, RELEASE_2607, RELEASE_MAIN];
const KEEPERS = [RELEASE_2505, ...YOUNG];

/** A machine in which the next admin command of this kind is late. */
function delaying(release: NvmeRelease, opcode: AdminOpcode): TestMachine {
  const machine = new TestMachine().open({ release }).settle();
  machine.controller.faults.arm({
    place: { queue: "admin", at: "submission", opcode },
    kind: { name: "delay", by: "until-released" },
    time: { times: 1 },
  });
  return machine;
}

/** Opcodes of the admin commands that are pending in what was saved, in order. */
function pendingOf({ nvme }: Left): number[] {
  const admin = nvme?.nvme_disks[0]?.driver_state.worker_data.admin;
  const commands = admin?.handler_data.pending_cmds.commands ?? [];
  return commands.map(({ command }) => command[0] ?? -1).sort((left, right) => left - right);
}

function blocksOf(machine: TestMachine): bigint | undefined {
  return machine.manager.controllers()[0]?.namespaces[0]?.blocks;
}

test("a save while GET LOG PAGE is in flight loses the change that it was to tell of", () => {
  for (const release of YOUNG) {
    const machine = delaying(release, "GET_LOG_PAGE");
    machine.controller.changeNamespace(37, 5000n);
    const left = machine.settle().leave();
    assert.deepEqual(pendingOf(left), [0x02, 0x0c], release.name);
    machine.open({ release }, left);
    machine.controller.faults.release();
    machine.settle();
    // The answer has nobody to go to, and the controller counts its list as read.
    assert.equal(blocksOf(machine), 4096n);
    machine.controller.changeNamespace(37, 6000n);
    machine.settle();
    assert.equal(blocksOf(machine), 6000n);
  }
});

test("a save while a namespace is looked at again loses what the look was to find", () => {
  for (const release of YOUNG) {
    const machine = delaying(release, "IDENTIFY");
    machine.controller.changeNamespace(37, 5000n);
    const left = machine.settle().leave();
    assert.deepEqual(pendingOf(left), [0x06, 0x0c]);
    machine.open({ release }, left);
    machine.controller.faults.release();
    assert.equal(blocksOf(machine.settle()), 4096n);
  }
});

test("an event that comes while the driver is away is delivered after the restore", () => {
  for (const release of YOUNG) {
    const machine = new TestMachine().open({ release }).settle();
    const left = machine.leave();
    machine.controller.changeNamespace(37, 5000n);
    machine.settle().open({ release }, left);
    assert.equal(blocksOf(machine.settle()), 5000n);
    assert.deepEqual(
      machine.controller.counters.adminOpcodes.toSorted(),
      ["ASYNCHRONOUS_EVENT_REQUEST", "GET_LOG_PAGE", "IDENTIFY"],
      release.name,
    );
  }
});

test("an event that the driver has and nobody has taken is in the saved state", () => {
  for (const release of YOUNG) {
    const machine = new TestMachine().open({ release }).settle();
    const left = machine.leave();
    const disk = left.nvme?.nvme_disks[0] ?? assert.fail();
    const { admin, ...worker } = disk.driver_state.worker_data;
    const handler = {
      ...admin?.handler_data,
      aer_handler: { last_aen: 0x04_00_02, await_aen_cid: 0 },
    };
    const changed = { ...admin, handler_data: handler } as NonNullable<typeof admin>;
    const worker_data = { ...worker, admin: changed };
    const nvme_disks = [{ ...disk, driver_state: { ...disk.driver_state, worker_data } }];
    machine.controller.changeNamespace(37, 5000n);
    machine.open({ release }, { dma: left.dma, nvme: { cpu_count: 4, nvme_disks } });
    assert.equal(blocksOf(machine.settle()), 5000n);
  }
});

test("a save waits for the queue that is being created", () => {
  for (const release of KEEPERS) {
    for (const kind of ["COMPLETION", "SUBMISSION"] as const) {
      const machine = delaying(release, `CREATE_IO_${kind}_QUEUE`);
      machine.submit(1);
      machine.submit(2);
      machine.settle().clock.after(5_000, () => machine.controller.faults.release());
      const startUs = machine.clock.nowUs;
      const left = machine.leave();
      assert.ok(machine.clock.nowUs > startUs + 5_000);
      assert.deepEqual(pendingOf(left), [0x0c]);
      const io = left.nvme?.nvme_disks[0]?.driver_state.worker_data.io;
      assert.deepEqual(
        io?.map(({ cpu }) => cpu),
        [0, 1, 2],
      );
    }
  }
});

test("a save hangs when a queue is never created, until somebody's deadline", () => {
  const machine = delaying(RELEASE_MAIN, "CREATE_IO_COMPLETION_QUEUE");
  machine.submit(1);
  assert.throws(() => machine.settle().manager.save(true), {
    name: "Stuck",
    message: "admin command CREATE_IO_COMPLETION_QUEUE never completes",
  });
});

test("before pull 3405 an inspect request makes the driver forget the queue it creates", () => {
  for (const [release, forgets] of [
    [RELEASE_2505, true],
    [RELEASE_2511, true],
    [RELEASE_2607, false],
    [RELEASE_MAIN, false],
  ] as const) {
    const machine = delaying(release, "CREATE_IO_COMPLETION_QUEUE");
    const sent = machine.submit(1);
    machine.settle().manager.interruptWorkers();
    assert.equal(sent.outcome?.error?.message ?? null, forgets ? "queue pair is gone" : null);
    if (!forgets) machine.controller.faults.release();
    const left = machine.settle().leave();
    assert.deepEqual(pendingOf(left), forgets ? [0x05, 0x0c] : [0x0c], release.name);
    const io = left.nvme?.nvme_disks[0]?.driver_state.worker_data.io;
    assert.equal(io?.length, 2);
  }
});

test("a queue of which the device knows only half is restored, and never answers", () => {
  const machine = delaying(RELEASE_2511, "CREATE_IO_COMPLETION_QUEUE");
  machine.submit(1);
  machine.settle().manager.interruptWorkers();
  machine.open({ release: RELEASE_2511 }, machine.leave());
  machine.controller.faults.release();
  const sent = machine.settle().submit(1);
  machine.settle();
  assert.equal(sent.outcome, null);
});
