import assert from "node:assert/strict";
import { test } from "node:test";
import { vmOf } from "../xenops_interface/mod.ts";
import { HOST_STAT } from "./host_stat.ts";
import { World, Xenopsd } from "./mod.ts";
import { ask, flawOf, run, stateOf } from "./test_client.ts";
import { addVm, ownDisk } from "./test_vm.ts";

/** Runs of a machine at each of its step points. */
const SLOW = { timeout: 120_000 };

const START = { id: "v", paused: false };
const SUSPEND = { id: "v", suspend_vdi: ["VDI", "s"] };

function suspended(): Xenopsd {
  const machine = new Xenopsd();
  // An import would add it.
  addVm(machine, "v", { platformdata: [["featureset", HOST_STAT.cpu_info.features_hvm]] });
  run(machine, "VM.start", START);
  run(machine, "VM.unpause", { id: "v" });
  assert.equal(run(machine, "VM.suspend", SUSPEND)?.[0], "Completed");
  return machine;
}

test("a suspended VM is exported, imported on another host, and resumed there", () => {
  const here = suspended();
  const metadata = ask(here, "VM.export_metadata", { id: "v" });
  const there = new Xenopsd();
  for (const [name, octets] of here.world.hv.images) there.world.hv.images.set(name, octets);
  assert.equal(ask(there, "VM.import_metadata", { metadata }), "v");
  assert.equal(stateOf(there, "v").power_state, "Suspended");
  assert.equal(ask(there, "VM.export_metadata", { id: "v" }), metadata);
  assert.equal(run(there, "VM.resume", SUSPEND)?.[0], "Completed");
  assert.equal(flawOf(there.world, there, "v"), undefined);
  assert.equal(there.world.hv.dom("v")?.frontends.size, 5);
});

test("VM.import_metadata of what cannot be read writes nothing", () => {
  const machine = new Xenopsd();
  for (const metadata of ["", "{", "{}", '{"vm":{"id":"v"}}', "[]"]) {
    assert.throws(() => ask(machine, "VM.import_metadata", { metadata }), {
      tag: "Internal_error",
    });
  }
  assert.deepEqual([...machine.world.fs.files()], []);
});

test(
  "VM.import_metadata struck at any file leaves what can be loaded and imported again",
  SLOW,
  () => {
    const metadata = ask(suspended(), "VM.export_metadata", { id: "v" });
    for (let crashAt = 0; ; crashAt++) {
      const world = new World();
      const machine = new Xenopsd(world, { faults: { crashAt } });
      machine.call("VM.import_metadata", { debug_info: "c", metadata });
      if (!machine.isCrashed) break;
      const next = new Xenopsd(world);
      next.runUntilIdle();
      ask(next, "VM.list", { unit: null });
      const call = next.call("VM.import_metadata", { debug_info: "c", metadata });
      next.runUntilIdle();
      assert.equal(call.state, "done", `at ${crashAt}`);
      assert.equal(ask(next, "VM.export_metadata", { id: "v" }), metadata, `at ${crashAt}`);
    }
  },
);

test("what is imported over a running VM waits for its next start, but for plugged devices", () => {
  const machine = new Xenopsd();
  addVm(machine, "v");
  const halted = ask(machine, "VM.export_metadata", { id: "v" }) as string;
  run(machine, "VM.start", START);
  ask(machine, "VBD.add", { vbd: ownDisk("v", "xvdc") });
  const domid = machine.world.hv.dom("v")?.domid;
  const metadata = halted.replace('"xvda"', '"xvdd"');
  const call = machine.call("VM.import_metadata", { debug_info: "c", metadata });
  machine.runUntilIdle();
  assert.equal(call.result, "v");
  assert.equal(machine.world.hv.dom("v")?.domid, domid);
  const list = ask(machine, "VBD.list", { id: "v" }) as [{ id: string[] }, unknown][];
  assert.deepEqual(list.map(([{ id }]) => id[1]).sort(), ["xvda", "xvdb", "xvdd"]);
});

test("VM.remove struck at any file can be done again", SLOW, () => {
  const base = new Xenopsd();
  addVm(base, "v");
  for (let crashAt = 0; ; crashAt++) {
    const world = base.world.fork();
    const machine = new Xenopsd(world, { faults: { crashAt } });
    machine.call("VM.remove", { debug_info: "c", id: "v" });
    machine.runUntilIdle();
    const next = new Xenopsd(world);
    const call = next.call("VM.remove", { debug_info: "c", id: "v" });
    next.runUntilIdle();
    const isGone = call.error?.tag === "Does_not_exist";
    assert.ok(call.state === "done" || isGone, `at ${crashAt}`);
    assert.deepEqual([...world.fs.files()], [], `at ${crashAt}`);
    if (!machine.isCrashed) break;
  }
});

test("a damaged configuration is no matter of other VMs", () => {
  const world = new World();
  const machine = new Xenopsd(world);
  addVm(machine, "v");
  world.fs.writeText(["VM", "cut", "config"], '{"id": "cut", ');
  world.fs.writeText(["VM", "odd", "config"], '{"id": 7}');
  world.fs.writeText(["VM", "v", ".config.tmp"], "{");
  world.fs.writeText(["extra", "v"], '{"persistent": 7}');
  const next = new Xenopsd(world);
  next.runUntilIdle();
  assert.equal(ask(next, "VM.exists", { id: "cut" }), false);
  assert.throws(() => ask(next, "VM.stat", { id: "odd" }), { tag: "Internal_error" });
  world.fs.rm(["extra", "v"]);
  assert.equal(run(next, "VM.start", START)?.[0], "Completed");
  const list = ask(next, "VM.list", { unit: null }) as [{ id: string }, unknown][];
  assert.deepEqual(
    list.map(([{ id }]) => id),
    ["v"],
  );
});

test("World.rebootHost() leaves nothing but what is on disks", () => {
  const machine = suspended();
  machine.world.rebootHost();
  const next = new Xenopsd(machine.world);
  assert.deepEqual(ask(next, "VM.list", { unit: null }), []);
  assert.equal(machine.world.hv.images.size, 1);
  ask(next, "VM.add", { vm: vmOf("v") });
  assert.equal(stateOf(next, "v").power_state, "Halted");
});
