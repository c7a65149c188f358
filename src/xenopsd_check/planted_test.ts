import assert from "node:assert/strict";
import { test } from "node:test";
import { VBD, XenopsError } from "../xenops_interface/mod.ts";
import type { Dom, Observer, Task, WorkItem, Xenopsd, XenopsdOptions } from "../xenopsd/mod.ts";
import { upgradeInternalState, VM_EXTRA, type VmExtra } from "../xenopsd_record/mod.ts";
import { addSample } from "./driver.ts";
import { recordRulesWith } from "./record_rules.ts";
import type { InvariantName } from "./rules.ts";
import { sampleVbds } from "./sample_vm.ts";
import { Watch } from "./watch.ts";

const DBG = { debug_info: "planted" };
const IMAGE = { id: "vm", suspend_vdi: ["Local", "/image"] };

interface Planted {
  readonly breaks: InvariantName;
  /** What cannot but break along with it. */
  readonly also?: readonly InvariantName[];
  readonly options?: (watch: () => Watch) => XenopsdOptions;
  /** The state of the VM before. */
  readonly before: "halted" | "running" | "suspended";
  readonly plant: (watch: Watch) => void;
}

/** Calls, and lets the machine come to rest. */
function run(watch: Watch, method: string, params: object = { id: "vm" }): void {
  watch.machine.call(method, { ...DBG, ...params });
  watch.machine.runUntilIdle();
}

function start(watch: Watch): void {
  run(watch, "VM.start", { id: "vm", paused: false });
}

function domOf({ machine }: Watch): Dom {
  return machine.world.hv.dom("vm") as Dom;
}

/** Tells the invariants what has not happened. */
function forge<K extends keyof Observer>(
  { observers }: Watch,
  method: K,
  ...args: Parameters<NonNullable<Observer[K]>>
): void {
  for (const it of observers) (it[method] as ((...all: unknown[]) => void) | undefined)?.(...args);
}

function itemOf({ machine }: Watch, o: "VM_check_state" | "Atomic"): WorkItem {
  const task = machine.tasks.add("planted");
  finish(machine, task);
  const op = o === "Atomic" ? { o, vm: "x", atom: { a: "VM_pause", vm: "x" } } : { o, vm: "x" };
  return { op, task, tag: "x" } as WorkItem;
}

/** Runs a task that does nothing, or throws. */
function finish(machine: Xenopsd, task: Task, error?: XenopsError): void {
  const body = (function* (): Generator<undefined, undefined, void> {
    if (error !== undefined) throw error;
    yield undefined;
    return undefined;
  })();
  const run = machine.tasks.run(task, body);
  while (run.next().done !== true);
}

const queue = (watch: Watch, change: "push" | "pop" | "finish", item: WorkItem) =>
  forge(watch, "onQueue", change, "default", "x", item);

/** Does something when an operation comes to a leaf. */
function at(
  leaf: string,
  then: (watch: Watch) => void,
  op = "VM_start",
): NonNullable<Planted["options"]> {
  return (watch) => ({
    observers: [
      {
        onPoint(point) {
          const isHere = point.op === op && point.leaf === leaf && point.phase === "before";
          if (isHere) then(watch());
        },
      },
    ],
  });
}

const PLANTED: readonly Planted[] = [
  {
    breaks: "I1",
    before: "halted",
    plant(watch) {
      const items = [itemOf(watch, "Atomic"), itemOf(watch, "Atomic")];
      for (const item of items) queue(watch, "push", item);
      for (const item of items) queue(watch, "pop", item);
      queue(watch, "finish", items[0] as WorkItem);
    },
  },
  {
    breaks: "I2",
    before: "halted",
    plant(watch) {
      const items = [itemOf(watch, "Atomic"), itemOf(watch, "Atomic")];
      for (const item of items) queue(watch, "push", item);
      for (const item of items.reverse()) {
        queue(watch, "pop", item);
        queue(watch, "finish", item);
      }
    },
  },
  {
    breaks: "I3",
    before: "halted",
    plant: (watch) => queue(watch, "push", itemOf(watch, "Atomic")),
  },
  {
    breaks: "I4",
    before: "halted",
    plant(watch) {
      const [first, second] = [itemOf(watch, "Atomic"), itemOf(watch, "Atomic")];
      for (const item of [first, second]) queue(watch, "push", item);
      forge(watch, "onQueue", "drop", "default", "x", second, first);
      queue(watch, "pop", first);
      queue(watch, "finish", first);
    },
  },
  {
    breaks: "I5",
    before: "halted",
    plant: ({ machine }) => {
      machine.tasks.add("never run");
    },
  },
  {
    breaks: "I6",
    before: "halted",
    plant({ machine }) {
      const task = machine.tasks.add("planted");
      for (const progress of [0.5, 0.2]) machine.tasks.progress(task, progress);
      finish(machine, task);
    },
  },
  {
    breaks: "I7",
    before: "running",
    plant(watch) {
      const { updates } = watch.machine;
      const get = updates.get.bind(updates);
      updates.get = (from) => {
        const reply = get(from);
        return reply && { ...reply, ids: reply.ids.slice(1) };
      };
      run(watch, "UPDATES.get", { timeout: 1 });
    },
  },
  {
    breaks: "I8",
    before: "running",
    plant(watch) {
      const { updates } = watch.machine;
      updates.get = (token = 0) => ({ barriers: [], ids: [], token });
      run(watch, "UPDATES.get", { last_id: updates.lastId, timeout: 1 });
    },
  },
  {
    breaks: "I9",
    before: "running",
    plant(watch) {
      const { updates } = watch.machine;
      const get = updates.get.bind(updates);
      updates.get = (from) => {
        const reply = get(from);
        return reply && { ...reply, barriers: reply.barriers.map(([id]) => [id, []] as const) };
      };
      run(watch, "UPDATES.inject_barrier", { vm_id: "vm", id: 1 });
      run(watch, "UPDATES.get", { timeout: 1 });
    },
  },
  {
    breaks: "I10",
    before: "halted",
    plant: ({ machine }) => machine.updates.add(["Vbd", ["vm", "none"]]),
  },
  {
    breaks: "I11",
    before: "running",
    plant(watch) {
      const { doms } = watch.machine.world.hv;
      doms.set(999, { ...domOf(watch), domid: 999 });
      forge(watch, "onDom", domOf(watch), "created");
      doms.delete(999);
    },
  },
  {
    breaks: "I12",
    before: "running",
    plant: (watch) => watch.machine.world.hv.set(domOf(watch), { marker: "poweroff" }, "marker"),
  },
  {
    breaks: "I13",
    before: "halted",
    plant({ machine }) {
      const { hv } = machine.world;
      const held = hv.holdStorage("vm", "xvda", ["Local", "/dev/none"], "ReadWrite");
      hv.setStorage(held, { attached: true }, "attach");
    },
  },
  {
    breaks: "I14",
    before: "halted",
    options: at("VM_set_domain_action_request", (watch) =>
      watch.machine.world.hv.set(domOf(watch), { consoles: [] }),
    ),
    plant: start,
  },
  {
    breaks: "I14",
    before: "halted",
    options: at("VM_set_domain_action_request", ({ machine: { world } }) => {
      const record = world.fs.read(["extra", "vm"], VM_EXTRA) as VmExtra;
      world.fs.write(["extra", "vm"], { ...record, last_start_time: 0 }, VM_EXTRA);
    }),
    plant: start,
  },
  {
    breaks: "I15",
    before: "halted",
    options: () => ({ quirks: new Set(["X2-never-active"]) }),
    plant: start,
  },
  {
    breaks: "I16",
    before: "halted",
    options: at("VM_build", ({ machine: { world } }) => {
      const held = world.hv.holdStorage("vm", "xvdb", ["Local", "/dev/vm/xvdb"], "ReadOnly");
      world.hv.setStorage(held, { attached: true }, "attach");
    }),
    plant: start,
  },
  {
    breaks: "I16",
    before: "halted",
    plant(watch) {
      const { redirector } = watch.machine;
      const push = redirector.push.bind(redirector);
      let held: (() => void) | undefined;
      redirector.push = (pool, tag, item) => {
        if (!JSON.stringify(item.op).includes("VIF_plug")) push(pool, tag, item);
        else if (held === undefined) held = () => push(pool, tag, item);
        else {
          push(pool, tag, item);
          held();
        }
      };
      start(watch);
    },
  },
  {
    breaks: "I17",
    before: "halted",
    options: at("VIF_plug", (watch) => watch.machine.world.hv.set(domOf(watch), { dm: true })),
    plant: start,
  },
  {
    breaks: "I18",
    before: "halted",
    plant: ({ machine }) => machine.world.fs.writeText(["VM", "vm", "vif.0"], '{"id":["vm"'),
  },
  {
    breaks: "I19",
    before: "halted",
    plant: ({ machine }) =>
      machine.world.fs.write(["VM", "ghost", "vbd.xvda"], sampleVbds("ghost")[0], VBD),
  },
  {
    breaks: "I20",
    before: "suspended",
    plant: ({ machine }) => {
      machine.engine.rebooting.add("vm");
    },
  },
  {
    breaks: "I22",
    before: "halted",
    plant({ machine }) {
      const path = ["VM", "vm", "vif.0"];
      machine.world.fs.writeText(path, ` ${machine.world.fs.text(path)}`);
    },
  },
  {
    breaks: "I23",
    also: ["I12"],
    before: "halted",
    options: () => ({
      quirks: new Set(["X4-no-marker"]),
      faults: { cancelAt: ({ leaf }) => leaf === "VM_build" },
    }),
    plant: start,
  },
  {
    breaks: "I24",
    before: "halted",
    plant({ machine }) {
      const task = machine.tasks.add("planted");
      machine.tasks.prohibitCancellation(task);
      finish(machine, task, new XenopsError("Cancelled", task.id));
    },
  },
  {
    breaks: "I25",
    also: ["I12"],
    before: "halted",
    options: () => ({
      quirks: new Set(["X4-no-marker"]),
      faults: {
        failAt: [{ at: ({ leaf }) => leaf === "VM_build", error: new XenopsError("IO_error") }],
      },
    }),
    plant: start,
  },
  {
    breaks: "I26",
    before: "halted",
    options: () => ({ instanceId: "the same" }),
    plant(watch) {
      const again = new Watch(watch.machine.world, { instanceId: "the same" });
      again.machine.runUntilIdle();
      run(again, "VM.start", { id: "vm", paused: false });
      watch.findings.push(...again.findings);
    },
  },
  {
    breaks: "I27",
    before: "suspended",
    options: at(
      "VM_set_domain_action_request",
      (watch) => {
        const dom = domOf(watch);
        const guestRam = dom.guestRam.slice();
        guestRam[0] = (guestRam[0] ?? 0) ^ 1;
        watch.machine.world.hv.set(dom, { guestRam });
      },
      "VM_resume",
    ),
    plant: (watch) => run(watch, "VM.resume", IMAGE),
  },
  {
    breaks: "I28",
    before: "running",
    plant(watch) {
      addSample((method, params) => run(watch, method, params), "twin");
      run(watch, "VM.start", { id: "twin", paused: false });
      run(watch, "VM.unpause", { id: "twin" });
      const { hv } = watch.machine.world;
      const held = hv.holdStorage("twin", "xvdz", ["Local", "/dev/vm/xvda"], "ReadWrite");
      hv.setStorage(held, { attached: true }, "attach");
    },
  },
];

function watched({ options, before }: Planted): Watch {
  const made: { watch?: Watch } = {};
  const watch = new Watch(
    undefined,
    options?.(() => made.watch as Watch),
  );
  made.watch = watch;
  addSample((method, params) => run(watch, method, params), "vm");
  if (before === "halted") return watch;
  start(watch);
  run(watch, "VM.unpause");
  if (before === "suspended") run(watch, "VM.suspend", IMAGE);
  return watch;
}

function brokenBy({ findings }: Watch): string[] {
  return [...new Set(findings.map(({ invariant }) => invariant))].sort();
}

for (const planted of PLANTED) {
  const { breaks, also = [], plant } = planted;
  test(`Watch finds a planted defect of ${breaks}, and no other`, () => {
    const watch = watched(planted);
    assert.deepEqual(brokenBy(watch), [], "something was broken before");
    plant(watch);
    watch.machine.runUntilIdle();
    watch.machine.signal({ o: "VM_check_state", vm: "none" });
    watch.machine.runUntilIdle();
    watch.quiet();
    assert.deepEqual(brokenBy(watch), [breaks, ...also].sort());
  });
}

test("recordRules() finds an upgrade that goes on and on: I21", () => {
  const found: string[] = [];
  const upgrade: typeof upgradeInternalState = (extra, vm, host) => {
    const upgraded = upgradeInternalState(extra, vm, host);
    return { ...upgraded, version: upgraded.version + 1 };
  };
  const watch = watched({ breaks: "I21", before: "running", plant() {} });
  const { machine } = watch;
  const rules = recordRulesWith(upgrade)({ world: machine.world, machine }, (name) => {
    found.push(name);
  });
  rules.onFs?.(["extra", "vm"], undefined, {});
  rules.onStep?.("worker");
  assert.deepEqual([...new Set(found)], ["I21"]);
});

test("every invariant has a planted defect", () => {
  const names = new Set([...PLANTED.map(({ breaks }) => breaks), "I21"]);
  assert.equal(names.size, 28);
});
