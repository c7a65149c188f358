/**
 * I14 to I17: the order in which a start plugs devices, and what it has made in the end.
 *
 * @module
 */
import type { Dom, Operation, Task, WorkItem, World } from "../xenopsd/mod.ts";
import type { Report, Rules, Subject } from "./rules.ts";
import { type DevicesOf, devicesOf, startTimeOf, vmRecordOf } from "./world_records.ts";

export function startRules({ world }: Subject, report: Report): Rules {
  const { hv, fs } = world;
  /** Starts under way, by VM, with what their domain has been given so far. */
  const starting = new Map<string, Progress>();
  const judgeDevice = (dom: Dom, progress: Progress) => {
    for (const [key, { kind, plugged }] of dom.frontends) {
      if (!plugged || progress.plugged.has(key)) continue;
      progress.plugged.add(key);
      const isLate = kind === "pci" || kind === "vusb";
      if (isLate !== dom.dm) {
        report("I17", `${key} is plugged ${isLate ? "before" : "after"} the device model`);
      }
      if (dom.marker === undefined) report("I17", `${key} is plugged after the marker was cleared`);
      if (kind === "pci") judgePci(progress, key, report);
    }
  };
  const judgeCleared = (dom: Dom, { devices }: Progress) => {
    const missing = devices.all.find((key) => !dom.frontends.get(key)?.plugged);
    if (missing !== undefined) report("I17", `the marker is cleared before ${missing} is plugged`);
    else if (!dom.dm) report("I17", "the marker is cleared before the device model is there");
  };
  return {
    onQueue(change, pool, _tag, item) {
      if (item === undefined) return;
      const { vm } = item.op;
      const progress = starting.get(vm);
      if (change === "push" && pool === "parallel" && progress !== undefined) {
        judgeVif(progress, item.op, report);
      }
      if (pool !== "default") return;
      if (change === "pop" && item.op.o === "VM_start") {
        starting.set(vm, {
          item,
          devices: devicesOf(fs, vm),
          plugged: new Set(),
          pci: -1,
          vif: -1,
        });
      } else if (change === "finish") starting.delete(vm);
    },
    onDom(dom, change) {
      if (change === "device" || change === "active") judgeActive(dom, report);
      const progress = starting.get(dom.uuid);
      if (progress === undefined) return;
      if (change === "device") judgeDevice(dom, progress);
      if (change === "marker" && dom.marker === undefined) judgeCleared(dom, progress);
    },
    onStorage({ vm, mode, dev }, change) {
      if (change !== "attach" || mode !== "ReadWrite" || !starting.has(vm)) return;
      for (const other of hv.storage.values()) {
        if (other.vm === vm && other.attached && other.mode === "ReadOnly") {
          report("I16", `${dev} of ${vm} is attached after ${other.dev}, which is read only`);
        }
      }
    },
    onTask(task, change) {
      if (change !== "state" || task.state[0] !== "Completed") return;
      const ended = startOf(starting, task);
      if (ended !== undefined) judgeStarted(world, ended, report);
    },
    onCrash: () => starting.clear(),
  };
}

interface Progress {
  readonly item: WorkItem;
  readonly devices: DevicesOf;
  readonly plugged: Set<string>;
  /** Position of the PCI device that was plugged last. */
  pci: number;
  /** Position of the network interface that was queued last. */
  vif: number;
}

function startOf(starting: ReadonlyMap<string, Progress>, task: Task): Progress | undefined {
  for (const progress of starting.values()) if (progress.item.task === task) return progress;
  return undefined;
}

/** A device that is plugged is active: `set_active` comes first, and last when it is unplugged. */
function judgeActive(dom: Dom, report: Report): void {
  for (const [key, { kind, plugged }] of dom.frontends) {
    if (!plugged || (kind !== "vbd" && kind !== "vif") || dom.active.has(key)) continue;
    report("I15", `${key} of ${dom.uuid} is plugged and not active`);
  }
}

function judgePci(progress: Progress, key: string, report: Report): void {
  const position = progress.devices.positions.get(key) ?? 0;
  if (position < progress.pci) {
    report("I16", `${key} is plugged after the PCI device at ${progress.pci}`);
  }
  progress.pci = Math.max(progress.pci, position);
}

/** Network interfaces are plugged side by side: their order is that in which they are queued. */
function judgeVif(progress: Progress, op: Operation, report: Report): void {
  const atom = op.o === "Atomic" ? op.atom : undefined;
  const parts = atom !== undefined && "serial" in atom ? atom.serial : [];
  for (const part of parts) {
    if (!("a" in part) || part.a !== "VIF_plug") continue;
    const position = progress.devices.positions.get(`vif:${part.dev}`) ?? 0;
    if (position < progress.vif) {
      report("I16", `vif:${part.dev} is queued after the interface at ${progress.vif}`);
    }
    progress.vif = Math.max(progress.vif, position);
  }
}

/** What the walk-through of VM.start promises, when nothing else can have been done to the VM. */
function judgeStarted(world: World, { item, devices }: Progress, report: Report): void {
  const { vm } = item.op;
  const dom = world.hv.dom(vm);
  const record = vmRecordOf(world.fs, vm);
  const wrong = (what: string) => report("I14", `${vm} was started, and ${what}`);
  if (dom === undefined || record === undefined) {
    wrong("has no domain");
    return;
  }
  if (!dom.paused) wrong("is not Paused");
  if (dom.consoles.length === 0) wrong("has no console");
  if (dom.vcpus !== record.vcpus) wrong(`has ${dom.vcpus} vCPUs`);
  const { memory_target: target } = dom;
  if (target < record.memory_dynamic_min || target > record.memory_dynamic_max) {
    wrong(`has a memory target of ${target}`);
  }
  const [asked, started] = [item.task.ctimeMs / 1000, startTimeOf(world.fs, vm)];
  if (started < asked) wrong(`has started at ${started}, asked for at ${asked}`);
  const unplugged = devices.all.find((key) => !dom.frontends.get(key)?.plugged);
  if (unplugged !== undefined) wrong(`${unplugged} is not plugged`);
}
