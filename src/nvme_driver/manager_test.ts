import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectAt } from "../machine/mod.ts";
import type { NvmeRelease } from "./release.ts";
import { RELEASE_2411 } from "./release_2411.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
import { PCI_ID, TestMachine, WRITE } from "./test_machine.ts";

const YOUNG = [RELEASE_2511, RELEASE_2607, RELEASE_MAIN];
const OTHER_PCI_ID = "c05c:00:00.0";
const UNRESTORED = {
  message: "failed to validate restore for private pool: unrestored allocations found",
};

function entryOf(machine: TestMachine, field: string) {
  return inspectAt(machine.manager.inspect(), `devices/${PCI_ID}/${field}`);
}

function resetsAfter(machine: TestMachine): [boolean, number] {
  const [record] = machine.manager.controllers();
  return [record?.restored ?? false, record?.resets ?? -1];
}

test("NvmeManager.save() gives state only with support and keepalive", () => {
  for (const [keepalive, flag, saves] of [
    [true, true, true],
    [true, false, false],
    [false, true, false],
    [false, false, false],
  ] as const) {
    const machine = new TestMachine().open({ release: RELEASE_MAIN, keepalive });
    assert.equal(machine.manager.save(flag) !== null, saves);
  }
});

test("NvmeManager.save() takes its devices in turn and the count of processors", () => {
  const machine = new TestMachine({}, { pciId: OTHER_PCI_ID }).open({ release: RELEASE_MAIN });
  machine.manager.namespace(OTHER_PCI_ID, 37);
  const state = machine.manager.save(true);
  assert.equal(state?.cpu_count, 4);
  assert.deepEqual(
    state?.nvme_disks.map(({ pci_id }) => pci_id),
    [PCI_ID, OTHER_PCI_ID],
  );
});

test("NvmeManager.save() is silent about a failure, which the DMA memory then shows", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.manager.breakQueue(PCI_ID, 1);
  const left = machine.leave();
  assert.equal(left.nvme, null);
  machine.open({ release: RELEASE_MAIN }, left);
  assert.deepEqual(resetsAfter(machine), [false, 1]);
  assert.throws(() => machine.dma.validateRestore(), UNRESTORED);
});

test("NvmeManager.shutdown() resets devices, except with keepalive", () => {
  for (const [keepalive, flag, alwaysFlr, enabled, resets] of [
    [true, true, false, true, 0],
    [true, false, false, false, 1],
    [false, true, false, false, 1],
    [false, false, false, false, 1],
    // One reset of the function at open, CC.EN=0 and one more at close.
    [false, false, true, false, 3],
  ] as const) {
    const hop = { release: RELEASE_MAIN, keepalive, alwaysFlr };
    const { controller, manager } = new TestMachine().open(hop);
    manager.shutdown(flag);
    const { controllerResets, functionLevelResets } = controller.counters;
    assert.equal(controllerResets + functionLevelResets, resets);
    assert.equal(inspectAt(controller.inspect(), "cc_en"), enabled);
    assert.throws(() => manager.namespace(PCI_ID, 37), {
      message: `nvme device manager worker is shut down: ${PCI_ID}`,
    });
  }
});

test("NvmeManager.shutdown() ends the drivers, whatever the devices still answer", () => {
  for (const keepalive of [true, false]) {
    const machine = new TestMachine().open({ release: RELEASE_MAIN });
    const sent = machine.submit(0);
    machine.manager.shutdown(keepalive);
    machine.settle();
    assert.equal(sent.outcome, null);
    assert.equal(machine.submit(0).outcome?.error?.message, "queue pair is gone");
  }
});

test("NvmeManager resets the function of a device that does not start, and only then", () => {
  const machine = new TestMachine({ wedged: true }).open({ release: RELEASE_MAIN });
  assert.match(
    machine.log().at(-1) ?? "",
    /reset_method=none: .*device had fatal error, csts: 0x2, after reset: 0$/,
  );
  const { controllerResets, functionLevelResets } = machine.controller.counters;
  assert.deepEqual([controllerResets, functionLevelResets], [1, 1]);
  assert.equal(entryOf(machine, "reset_method"), "none");
});

test("NvmeManager.shutdown() without keepalive gives pool memory back", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.manager.shutdown(false);
  const states = machine.dma.pools().flatMap(({ slots }) => slots.map(({ state }) => state));
  assert.ok(states.every((state) => state === "free"));
});

test("NvmeManager initialises devices anew when nothing was kept, one reset for each", () => {
  for (const release of [RELEASE_2411, RELEASE_2505, ...YOUNG]) {
    const machine = new TestMachine().open({ release, keepalive: false });
    machine.open({ release }, machine.leave(false));
    machine.dma.validateRestore();
    assert.deepEqual(resetsAfter(machine), [false, 1], release.name);
  }
});

test("NvmeManager clears saved devices when keepalive is off, from 1.7.2511", () => {
  for (const release of YOUNG) {
    const machine = new TestMachine().open({ release });
    machine.controller.hold(2);
    machine.submit(1, WRITE);
    machine.settle();
    machine.open({ release, keepalive: false }, machine.leave());
    machine.dma.validateRestore();
    assert.deepEqual(resetsAfter(machine), [false, 1], release.name);
    const [record] = machine.manager.controllers();
    assert.deepEqual(record?.outstandingCids, []);
    assert.ok(record?.adminOpcodes.includes("IDENTIFY"));
    const pool = machine.dma.pools().find((one) => one.pool === "private");
    assert.ok(pool?.slots.every(({ state }) => state === "free"));
    assert.match(machine.log()[0] ?? "", /^keepalive is disabled/);
    const spans = machine.environment.tracer.spans().map(({ name }) => name);
    assert.ok(spans.includes("nvme_vfio_device_restore{clearing_device}"));
  }
});

test("NvmeManager's entry of a cleared device claims support only in 1.7.2511", () => {
  const claims = (release: NvmeRelease) => {
    const machine = new TestMachine().open({ release });
    machine.open({ release, keepalive: false }, machine.leave());
    return entryOf(machine, "save_restore_supported");
  };
  assert.deepEqual(YOUNG.map(claims), [true, false, false]);
});

test("NvmeManager 2505 attaches to saved devices even when keepalive is off", () => {
  const machine = new TestMachine().open({ release: RELEASE_2505 });
  machine.open({ release: RELEASE_2505, keepalive: false }, machine.leave());
  machine.dma.validateRestore();
  assert.deepEqual(resetsAfter(machine), [true, 0]);
  assert.equal(entryOf(machine, "save_restore_supported"), true);
  assert.equal(machine.manager.save(true), null);
});

test("NvmeManager turns resets off before it attaches, from 1.7.2511", () => {
  const method = (release: NvmeRelease) => {
    const machine = new TestMachine().open({ release });
    return entryOf(machine.open({ release }, machine.leave()), "reset_method");
  };
  assert.equal(method(RELEASE_2505), "flr");
  assert.deepEqual(YOUNG.map(method), ["none", "none", "none"]);
});

test("NvmeManager 2411 knows nothing of kept devices and resets them", () => {
  for (const release of [RELEASE_2505, RELEASE_MAIN]) {
    const machine = new TestMachine().open({ release });
    machine.controller.hold(1);
    machine.submit(0, WRITE);
    machine.settle().open({ release: RELEASE_2411, keepalive: false }, machine.leave());
    assert.deepEqual(resetsAfter(machine), [false, 1]);
    assert.deepEqual(machine.log(), []);
  }
});

test("NvmeManager.restore() only logs a failure, and drops what it had taken over before", () => {
  const machine = new TestMachine({}, { pciId: OTHER_PCI_ID }).open({ release: RELEASE_MAIN });
  machine.manager.namespace(OTHER_PCI_ID, 37);
  const left = machine.leave();
  machine.controllers[1]?.functionLevelReset();
  machine.boot({ release: RELEASE_MAIN }, left);
  assert.match(machine.log()[0] ?? "", /^failed to restore nvme manager: .* csts: 0x0$/);
  machine.manager.namespace(PCI_ID, 37);
  assert.deepEqual(resetsAfter(machine), [false, 1]);
  assert.throws(() => machine.dma.validateRestore(), UNRESTORED);
});

test("NvmeManager keeps a device that nobody has opened since the restore", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.boot({ release: RELEASE_MAIN }, machine.leave());
  machine.dma.validateRestore();
  machine.open({ release: RELEASE_MAIN }, machine.leave()).dma.validateRestore();
  assert.deepEqual(resetsAfter(machine), [true, 0]);
});

test("NvmeManager refuses a device that is not there", () => {
  const machine = new TestMachine().boot({ release: RELEASE_MAIN });
  assert.throws(() => machine.manager.namespace("none", 1), {
    message: "failed to initialize vfio device: no device at none",
  });
});

test("NvmeManager.restore() traces what it does on the virtual clock", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.boot({ release: RELEASE_MAIN }, machine.leave());
  const spans = machine.environment.tracer.spans();
  assert.deepEqual(
    spans.map(({ name }) => name),
    [
      "nvme_manager_restore",
      "nvme_manager_worker_restore",
      "nvme_vfio_device_restore",
      "nvme_driver_restore",
    ],
  );
  assert.ok(spans.every(({ startUs, endUs }) => endUs > startUs));
});
