import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectAt } from "../machine/mod.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607, RELEASE_MAIN } from "./release_2607.ts";
import { PCI_ID, TestMachine, WRITE } from "./test_machine.ts";

const YOUNG = [RELEASE_2511, RELEASE_2607, RELEASE_MAIN];

test("a queue pair of 2505 makes every later release panic, at the admin queue", () => {
  for (const release of YOUNG) {
    const machine = new TestMachine().open({ release: RELEASE_2505 });
    const left = machine.leave();
    assert.throws(() => machine.boot({ release }, left), {
      name: "Panic",
      message: "assertion failed: mem_len >= offset && mem_len - offset >= len",
    });
  }
});

test("2505 looks for completions of a later release where none are written, and hangs", () => {
  for (const release of YOUNG) {
    const machine = new TestMachine().open({ release });
    const left = machine.leave();
    machine.boot({ release: RELEASE_2505 }, left);
    const driver = inspectAt(machine.manager.inspect(), `devices/${PCI_ID}/driver/admin`) ?? null;
    assert.equal(inspectAt(driver, "cq_pfn"), 0x1001);
    assert.equal(inspectAt(machine.controller.inspect(), "queues/0/cq_pfn"), `${0x1004}`);
    // What the device writes its completions to is a page that this driver hands out for data.
    assert.equal(inspectAt(driver, "data_pfn"), 0x1002);
    assert.deepEqual(machine.log(), []);
    assert.throws(() => machine.manager.namespace(PCI_ID, 37), {
      name: "Stuck",
      message: "admin command IDENTIFY never completes",
    });
  }
});

test("2505 never sees the end of a command that a later release has sent", () => {
  const machine = new TestMachine().open({ release: RELEASE_2511 });
  machine.controller.hold(1);
  machine.submit(0, WRITE);
  machine.settle().boot({ release: RELEASE_2505 }, machine.leave());
  machine.controller.release();
  const sent = machine.submit(0);
  machine.settle();
  assert.deepEqual(machine.manager.controllers()[0]?.outstandingCids, [0]);
  assert.equal(sent.outcome, null);
});

test("2505 panics when it writes behind its one page of a later release's submission queue", () => {
  for (const [sent, message] of [
    [64, "range end index 64 out of range for slice of length 0"],
    [65, "range start index 4160 out of range for slice of length 4096"],
  ] as const) {
    const machine = new TestMachine().open({ release: RELEASE_2511 });
    for (let index = 0; index < sent; index++) machine.submit(0);
    machine.settle().boot({ release: RELEASE_2505 }, machine.leave());
    assert.throws(() => machine.submit(0), { name: "Panic", message });
  }
});

test("2505 takes 64 commands on a later release's submission queue before it panics", () => {
  const machine = new TestMachine().open({ release: RELEASE_2511 });
  machine.boot({ release: RELEASE_2505 }, machine.leave());
  for (let index = 0; index < 64; index++) machine.submit(0);
  assert.throws(() => machine.submit(0), { name: "Panic" });
});

test("2505 takes old commands for completions once it expects the other phase tag", () => {
  const machine = new TestMachine().open({ release: RELEASE_2511 });
  for (let index = 0; index < 257; index++) machine.use(0);
  machine.boot({ release: RELEASE_2505 }, machine.leave());
  assert.throws(() => machine.submit(0), {
    name: "Panic",
    message: "assertion `left == right` failed",
  });
});

test("the layout does not matter when the device is initialised anew", () => {
  for (const [writer, reader] of [
    [RELEASE_2505, RELEASE_2511],
    [RELEASE_2511, RELEASE_2505],
  ] as const) {
    const machine = new TestMachine().open({ release: writer, keepalive: false });
    machine.open({ release: reader, keepalive: false }, machine.leave(false));
    const [record] = machine.manager.controllers();
    assert.deepEqual([record?.restored, record?.resets], [false, 1]);
  }
});
