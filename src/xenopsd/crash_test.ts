import assert from "node:assert/strict";
import { test } from "node:test";
import { vusbOf } from "../xenops_interface/mod.ts";
import { type Quirk, type World, Xenopsd } from "./mod.ts";
import { ask, flawOf, run, stateOf } from "./test_client.ts";
import { addVm, emptyVgpu } from "./test_vm.ts";

/** Runs of a machine at each of its step points. */
const SLOW = { timeout: 120_000 };

const SUSPEND = { id: "v", suspend_vdi: ["VDI", "suspend"] };
const ID = { id: "v" };

/** What each operation is done to: the calls before it. */
const BEFORE = {
  halted: [],
  paused: [["VM.start", { ...ID, paused: false }]],
  running: [
    ["VM.start", { ...ID, paused: false }],
    ["VM.unpause", ID],
  ],
  suspended: [
    ["VM.start", { ...ID, paused: false }],
    ["VM.unpause", ID],
    ["VM.suspend", SUSPEND],
  ],
} as const;

const OPERATIONS = [
  ["halted", "VM.start", { ...ID, paused: false }, ["Halted", "Paused"]],
  ["running", "VM.shutdown", ID, ["Halted", "Running"]],
  ["running", "VM.shutdown", { ...ID, delay: 10 }, ["Halted", "Running"]],
  ["running", "VM.reboot", ID, ["Halted", "Paused", "Running"]],
  ["running", "VM.suspend", SUSPEND, ["Halted", "Running", "Suspended"]],
  ["suspended", "VM.resume", SUSPEND, ["Halted", "Paused", "Suspended"]],
  ["running", "VM.destroy", ID, ["Halted", "Running"]],
  ["running", "VBD.unplug", { id: ["v", "xvda"], force: false }, ["Running"]],
  ["running", "VIF.unplug", { id: ["v", "0"], force: false }, ["Running"]],
] as const;

function worldOf(state: keyof typeof BEFORE, fields = {}): World {
  const machine = new Xenopsd();
  addVm(machine, "v", fields);
  ask(machine, "VGPU.add", { vgpu: emptyVgpu("v") });
  ask(machine, "VUSB.add", { vusb: vusbOf("v", "1-1") });
  for (const [method, params] of BEFORE[state]) {
    assert.equal(run(machine, method, params)?.[0], "Completed", method);
  }
  return machine.world;
}

/** Ends of all crashes, by power state; each must be whole. */
function sweep(world: World, method: string, params: object, quirks?: ReadonlySet<Quirk>) {
  const ends = new Map<string, number>();
  const flaws: string[] = [];
  for (let crashAt = 0; ; crashAt++) {
    const struck = world.fork();
    let where = "";
    const faults = { crashAt };
    const observers = [
      { onPoint: (p: { leaf: string; phase: string }) => (where = `${p.leaf} ${p.phase}`) },
    ];
    const options = quirks === undefined ? {} : { quirks };
    const machine = new Xenopsd(struck, { faults, observers, ...options });
    run(machine, method, { ...params });
    if (!machine.isCrashed) return { ends, flaws };
    const next = new Xenopsd(struck, options);
    next.runUntilIdle();
    const flaw = flawOf(struck, next, "v");
    if (flaw !== undefined) flaws.push(`${where}: ${flaw}`);
    const { power_state } = stateOf(next, "v");
    ends.set(power_state, (ends.get(power_state) ?? 0) + 1);
  }
}

for (const [state, method, params, expected] of OPERATIONS) {
  test(`${method} ${JSON.stringify(params)} struck anywhere leaves a whole VM`, SLOW, () => {
    const { ends, flaws } = sweep(worldOf(state), method, params);
    assert.deepEqual(flaws, []);
    assert.deepEqual([...ends.keys()].sort(), expected);
  });
}

test("a half-built VM whose action is Start comes up again", SLOW, () => {
  const world = worldOf("halted", { on_shutdown: ["Start"] });
  const { ends, flaws } = sweep(world, "VM.start", { ...ID, paused: false });
  assert.deepEqual(flaws, []);
  assert.deepEqual([...ends.keys()].sort(), ["Halted", "Paused", "Running"]);
});

test("quirk late-marker leaves one window in which a half-built VM looks well", SLOW, () => {
  const world = worldOf("halted");
  const quirks = new Set<Quirk>(["late-marker"]);
  const { flaws } = sweep(world, "VM.start", { ...ID, paused: false }, quirks);
  assert.deepEqual(flaws, ["VM_create mid:3: half-built"]);
});

test("a suspended VM has the memory that it had, in another domain", () => {
  const world = worldOf("running");
  const before = world.hv.dom("v");
  const machine = new Xenopsd(world);
  machine.runUntilIdle();
  assert.equal(run(machine, "VM.suspend", SUSPEND)?.[0], "Completed");
  assert.equal(stateOf(machine, "v").power_state, "Suspended");
  const next = new Xenopsd(world);
  assert.equal(stateOf(next, "v").power_state, "Suspended");
  assert.equal(run(next, "VM.resume", SUSPEND)?.[0], "Completed");
  const after = world.hv.dom("v");
  assert.deepEqual(after?.guestRam, before?.guestRam);
  assert.notEqual(after?.domid, before?.domid);
  assert.equal(stateOf(next, "v").power_state, "Paused");
  assert.equal(flawOf(world, next, "v"), undefined);
});

test("a shutdown that fails every time ends, and the VM is off behind it where it can be", () => {
  const quirks = new Set<Quirk>(["X7-unplug-once"]);
  const machine = new Xenopsd(worldOf("halted"), { quirks, faults: { crashAt: 10_000 } });
  const state = run(machine, "VM.shutdown", ID);
  assert.equal(state?.[0], "Failed");
  assert.ok(machine.points < 10_000);
});
