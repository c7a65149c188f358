import assert from "node:assert/strict";
import { test } from "node:test";
import type { RegisterFaultKind } from "../nvme/mod.ts";
import { RELEASE_MAIN } from "./release_2607.ts";
import { PCI_ID, TestMachine } from "./test_machine.ts";

function faulty(kind: RegisterFaultKind): TestMachine {
  const machine = new TestMachine().boot({ release: RELEASE_MAIN });
  machine.controller.faults.arm({ place: "registers", kind });
  return machine;
}

const open = (machine: TestMachine) => () => machine.manager.namespace(PCI_ID, 37);

test("a device that is late to be ready is waited for", () => {
  const machine = faulty({ name: "ready-late", delayUs: 7_000_000 });
  open(machine)();
  assert.ok(machine.clock.nowUs > 7_000_000);
});

test("a device that never becomes ready is waited for without end, as upstream does", () => {
  for (const kind of ["ready-never", "enable-ignored"] as const) {
    assert.throws(open(faulty({ name: kind })), {
      name: "Stuck",
      message: "controller never becomes ready",
    });
  }
});

test("a device that does not stop is waited for without end, too", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.faults.arm({ place: "registers", kind: { name: "enable-ignored" } });
  assert.throws(() => machine.manager.shutdown(false), {
    name: "Stuck",
    message: "controller never stops being ready",
  });
});

test("a device that was pulled out is gone", () => {
  assert.throws(open(faulty({ name: "removed" })), {
    message: "failed to initialize nvme device: device is gone, csts: 0xffffffff",
  });
});

test("a device that was pulled out counts as ready at a restore, and never answers", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.hold(1);
  machine.submit(0);
  const left = machine.settle().leave();
  machine.controller.faults.arm({ place: "registers", kind: { name: "removed" } });
  machine.open({ release: RELEASE_MAIN }, left);
  machine.controller.release();
  machine.settle();
  assert.deepEqual(machine.manager.controllers()[0]?.outstandingCids, [0]);
});

test("queues are no longer than a fault makes CAP.MQES", () => {
  const machine = faulty({ name: "queue-entries", max: 8 });
  open(machine)();
  const saved = machine.leave().nvme?.nvme_disks[0]?.driver_state.worker_data;
  assert.equal(saved?.qsize, 8);
});

test("a device that allows shorter queues than before gets no new ones of the saved length", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  const left = machine.leave();
  const max = { name: "queue-entries", max: 8 } as const;
  machine.controller.faults.arm({ place: "registers", kind: max });
  machine.open({ release: RELEASE_MAIN }, left);
  const sent = machine.submit(2);
  machine.settle();
  assert.equal(sent.outcome?.status, 0);
  assert.match(machine.log().join(), /falling back cpu=2 fallback_cpu=0: .* SC: 0x2$/);
});
