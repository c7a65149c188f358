import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectAt } from "../machine/mod.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
import { PCI_ID, TestMachine } from "./test_machine.ts";

const FUSED = { vendorId: 0x1414, deviceId: 0xb111 };
const YOUNG = [RELEASE_2511, RELEASE_2607, RELEASE_MAIN];

function unmappedOf(machine: TestMachine): (boolean | undefined)[] {
  const state = machine.leave().nvme?.nvme_disks[0]?.driver_state;
  return state?.worker_data.io.map(({ unmapped }) => unmapped) ?? [];
}

test("a fused device gets all its queues at the start and no event request", () => {
  for (const release of YOUNG) {
    const machine = new TestMachine(FUSED).open({ release });
    const sent = machine.controller.counters.adminOpcodes;
    assert.equal(sent.filter((name) => name === "CREATE_IO_SUBMISSION_QUEUE").length, 4);
    assert.ok(!sent.includes("ASYNCHRONOUS_EVENT_REQUEST"));
    machine.controller.counters.beginHop();
    machine.use(3);
    assert.deepEqual(machine.controller.counters.adminOpcodes, []);
    assert.deepEqual(unmappedOf(machine), [false, false, true, true]);
  }
});

test("a fused device's unmapped queues stay unmapped over servicing", () => {
  const machine = new TestMachine(FUSED).open({ release: RELEASE_MAIN });
  machine.boot({ release: RELEASE_MAIN }, machine.leave());
  const unmapped = () => {
    const io = inspectAt(machine.manager.inspect(), `devices/${PCI_ID}/driver/io`);
    return [0, 1, 2, 3].map((index) => inspectAt(io ?? null, `${index}/unmapped`));
  };
  assert.deepEqual(unmapped(), [false, true, true, true]);
  machine.use(2);
  assert.deepEqual(unmapped(), [false, false, true, true]);
  assert.deepEqual(machine.controller.counters.adminOpcodes, []);
});

test("a device whose identifiers cannot be read counts as fused, in 2505 none does", () => {
  for (const [config, release, fused] of [
    [{ idsReadable: false }, RELEASE_MAIN, true],
    [{ vendorId: 0x1414, deviceId: 0xb110 }, RELEASE_MAIN, false],
    [{ vendorId: 0x1415, deviceId: 0xb111 }, RELEASE_MAIN, false],
    [FUSED, RELEASE_2505, false],
  ] as const) {
    const node = new TestMachine(config).open({ release }).manager.inspect();
    assert.equal(inspectAt(node, `devices/${PCI_ID}/driver/fused`), fused);
  }
});

test("a fused device with a phantom admin completion makes the restore panic", () => {
  const machine = new TestMachine(FUSED).open({ release: RELEASE_MAIN });
  const left = machine.leave();
  const admin = left.nvme?.nvme_disks[0]?.driver_state.worker_data.admin ?? assert.fail();
  const { head, phase } = admin.handler_data.cq_state;
  // An octet of the status field is enough: it has the phase tag.
  const place = (Number(admin.base_pfn) + 4) * 4096 + 16 * head + 14;
  machine.memory.content.write(place, Uint8Array.of(phase ? 1 : 0));
  assert.throws(() => machine.boot({ release: RELEASE_MAIN }, left), {
    name: "Panic",
    message: "fused keepalive device restored with a phantom admin completion",
  });
});

test("a phantom admin completion is only a warning on another device, from 1.7.2511", () => {
  for (const [release, warnings] of [
    [RELEASE_2505, 0],
    [RELEASE_2511, 1],
    [RELEASE_MAIN, 1],
  ] as const) {
    const machine = new TestMachine().open({ release });
    const left = machine.leave();
    machine.controller.changeNamespace(37, 5000n);
    assert.equal(machine.boot({ release }, left).log().length, warnings);
  }
});

test("a fused device with an admin command in flight makes the restore panic", () => {
  const machine = new TestMachine({ ...FUSED, deviceId: 1 }).open({ release: RELEASE_MAIN });
  const left = machine.leave();
  const other = new TestMachine({ ...FUSED }).open({ release: RELEASE_MAIN });
  other.leave();
  assert.throws(() => other.boot({ release: RELEASE_MAIN }, left), {
    name: "Panic",
    message: /non-empty admin queue/,
  });
});

test("a fused device that cannot have all its queues at the start gives all memory back", () => {
  const machine = new TestMachine(FUSED).boot({ release: RELEASE_MAIN });
  machine.controller.faults.arm({
    place: { queue: "admin", at: "submission", opcode: "CREATE_IO_SUBMISSION_QUEUE" },
    kind: { name: "fail", status: 0x006 },
    time: { skips: 2, times: 2 },
  });
  assert.throws(() => machine.manager.namespace(PCI_ID, 37), { message: /SC: 0x6$/ });
  const states = machine.dma.pools().flatMap(({ slots }) => slots.map(({ state }) => state));
  assert.ok(states.every((state) => state === "free"));
});
