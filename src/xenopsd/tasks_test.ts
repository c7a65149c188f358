import assert from "node:assert/strict";
import { test } from "node:test";
import { XenopsError } from "../xenops_interface/mod.ts";
import { type FaultPlan, Xenopsd } from "./mod.ts";
import { ask, flawOf, run, stateOf } from "./test_client.ts";
import { addVm } from "./test_vm.ts";

/** Runs of a machine at each of its step points. */
const SLOW = { timeout: 120_000 };

const START = { id: "v", paused: false };

function machineWith(faults: FaultPlan = {}, seed = 1): Xenopsd {
  const machine = new Xenopsd(undefined, { faults, seed });
  addVm(machine, "v");
  return machine;
}

test("progress never goes back and is whole before the task completes", () => {
  const machine = machineWith();
  const seen: number[] = [];
  machine.observe({
    onTask: ({ id, state }, change) => {
      if (id === "0" && change === "progress") seen.push(Number(state[1]));
    },
  });
  run(machine, "VM.start", START);
  assert.deepEqual(
    seen,
    [...seen].sort((a, b) => a - b),
  );
  assert.equal(seen.at(-1), 1);
});

test("Task.cancel of a queued task fails it when it is looked at, and nothing else happens", () => {
  const machine = machineWith();
  const id = ask(machine, "VM.start", START) as string;
  ask(machine, "Task.cancel", { id });
  machine.runUntilIdle();
  assert.deepEqual(machine.tasks.find(id).state, ["Failed", ["Cancelled", id]]);
  assert.equal(stateOf(machine, "v").power_state, "Halted");
});

test("a task that is destroyed while it runs goes on unseen", () => {
  const machine = machineWith();
  const id = ask(machine, "VM.start", START) as string;
  machine.step();
  ask(machine, "Task.destroy", { id });
  assert.throws(() => ask(machine, "Task.stat", { id }), { tag: "Does_not_exist" });
  machine.runUntilIdle();
  assert.equal(stateOf(machine, "v").power_state, "Paused");
  assert.ok(!machine.updates.changes.has(`Task:${id}`));
});

test(
  "a cancel trigger strikes at any cancel point of VM.start, once, for its text only",
  SLOW,
  () => {
    const first = machineWith();
    run(first, "VM.start", START);
    const count = first.tasks.find("0").cancelPointsSeen;
    assert.ok(count > 5, `${count} cancel points`);
    for (let n = 1; n <= count; n++) {
      const machine = machineWith();
      ask(machine, "DEBUG.trigger", { cmd: "set-cancel-trigger", args: ["client", `${n}`] });
      const other = ask(machine, "VM.delay", { debug_info: "other", id: "v", delay: 1 }) as string;
      const state = run(machine, "VM.start", START);
      assert.deepEqual(state, ["Failed", ["Cancelled", "1"]], `at ${n}`);
      assert.equal(machine.tasks.find(other).state[0], "Completed");
      assert.equal(flawOf(machine.world, machine, "v"), undefined, `at ${n}`);
      assert.equal(run(machine, "VM.start", START)?.[0], "Completed");
    }
  },
);

test("a leaf that hangs ends within 30 s of being cancelled", () => {
  for (const leaf of ["VM_hook_script", "VBD_plug", "VIF_plug", "PCI_plug"]) {
    const at: FaultPlan["cancelAt"] = (point) => point.leaf === leaf && point.op === "VM_start";
    const machine = machineWith({ hang: { at } });
    const id = ask(machine, "VM.start", START) as string;
    const isHung = () => machine.nextDeadlineMs !== undefined;
    while (!isHung() && machine.step());
    const fromMs = machine.clock.nowMs;
    ask(machine, "Task.cancel", { id });
    machine.runUntilIdle();
    assert.equal(machine.tasks.find(id).state[0], "Failed", leaf);
    assert.ok(machine.clock.nowMs - fromMs <= 30_000, leaf);
    assert.equal(flawOf(machine.world, machine, "v"), undefined, leaf);
  }
});

test("a stuck child is cancelled after 1200 s, and its parent fails", () => {
  const at: FaultPlan["cancelAt"] = ({ leaf }) => leaf === "VIF_plug";
  const machine = machineWith({ hang: { at, stuck: true } });
  const state = run(machine, "VM.start", START);
  assert.equal(state?.[0], "Failed");
  assert.match(JSON.stringify(state), /Internal_error.*timed out/);
  assert.equal(flawOf(machine.world, machine, "v"), undefined);
});

test("VM.save that has begun cannot be cancelled", () => {
  const machine = machineWith({
    cancelAt: ({ leaf, what }) => leaf === "VM_save" && what === "suspended",
  });
  run(machine, "VM.start", START);
  run(machine, "VM.unpause", { id: "v" });
  const id = ask(machine, "VM.suspend", { id: "v", suspend_vdi: ["VDI", "s"] }) as string;
  machine.runUntilIdle();
  const { state, cancellable } = machine.tasks.find(id);
  assert.deepEqual([state[0], cancellable], ["Completed", false]);
});

test("an error anywhere in VM.start is the task's, and leaves the VM halted", SLOW, () => {
  const error = new XenopsError("IO_error");
  const first = machineWith();
  const begin = first.points;
  run(first, "VM.start", START);
  // Behind its last effect the VM is whole, and stays so.
  for (let at = begin; at < first.points - 1; at++) {
    const machine = machineWith({ failAt: { at, error } });
    const state = run(machine, "VM.start", START);
    assert.deepEqual(state, ["Failed", "IO_error"], `at ${at}`);
    assert.equal(stateOf(machine, "v").power_state, "Halted", `at ${at}`);
    assert.equal(flawOf(machine.world, machine, "v"), undefined, `at ${at}`);
  }
});

test("hooks may say no with any code but 1", () => {
  assert.equal(
    run(machineWith({ hookRc: { "vm-pre-start": 1 } }), "VM.start", START)?.[0],
    "Completed",
  );
  const state = run(machineWith({ hookRc: { "vm-pre-start": 2 } }), "VM.start", START);
  assert.match(JSON.stringify(state), /Hook_failed.*vm-pre-start/);
});
