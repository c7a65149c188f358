/**
 * I11 to I13, I20, I23, I25, I27 and I28: domains, what they hold, and what is left of them.
 *
 * @module
 */
import type { Dom, Storage, Task, WorkItem, World } from "../xenopsd/mod.ts";
import type { Report, Rules, Subject } from "./rules.ts";
import { isCancelled } from "./task_rules.ts";
import { suspendedBytes, vmIdsOf } from "./world_records.ts";

export function domainRules(subject: Subject, report: Report): Rules {
  const { hv } = subject.world;
  const items = new Map<Task, WorkItem>();
  const suspended = new Map<string, Uint8Array>();
  const unpaused = (vm: string) => hv.dom(vm)?.paused === false;
  const judgeSharing = (mine: Storage) => {
    if (!mine.attached || mine.mode !== "ReadWrite" || !unpaused(mine.vm)) return;
    for (const other of hv.storage.values()) {
      if (other === mine || other.backend !== mine.backend || other.vm === mine.vm) continue;
      if (other.attached && other.mode === "ReadWrite" && unpaused(other.vm)) {
        report("I28", `${mine.vm} and ${other.vm} both run on ${mine.backend}`);
      }
    }
  };
  const judgeEnd = (task: Task) => {
    const item = items.get(task);
    items.delete(task);
    if (item === undefined) return;
    const { o, vm } = item.op;
    if (isCancelled(task)) {
      const left = leftoverOf(subject.world, vm);
      if (left !== undefined) report("I23", `${o} of ${vm} is cancelled, and ${left}`);
    }
    const isStart = o === "VM_start" || o === "VM_resume" || o === "VM_reboot";
    if (isStart && task.state[0] === "Failed" && !isCancelled(task)) {
      const dom = hv.dom(vm);
      const half = dom === undefined ? undefined : halfOf(dom);
      if (half !== undefined) report("I25", `${o} of ${vm} has failed, and its domain ${half}`);
    }
    if (task.state[0] === "Completed" && o === "VM_resume") {
      const before = suspended.get(vm);
      suspended.delete(vm);
      if (before !== undefined && !isSame(before, hv.dom(vm)?.guestRam)) {
        report("I27", `the memory of ${vm} is not what it was`);
      }
    }
  };
  return {
    onDom(dom, change) {
      if (change === "created" || change === "renamed") {
        const twins = [...hv.doms.values()].filter(({ uuid }) => uuid === dom.uuid);
        if (twins.length > 1) report("I11", `${dom.uuid} has ${twins.length} domains`);
      }
      if (change === "destroyed" && dom.shutdown === 2) suspended.set(dom.uuid, dom.guestRam);
      if (change !== "state" || dom.paused) return;
      for (const storage of hv.storage.values()) if (storage.vm === dom.uuid) judgeSharing(storage);
    },
    onStorage(storage, change) {
      if (change === "attach") judgeSharing(storage);
    },
    onQueue(change, pool, _tag, item) {
      if (change === "pop" && pool === "default" && item !== undefined) items.set(item.task, item);
    },
    onTask(task, change) {
      if (change === "state") judgeEnd(task);
    },
    onQuiet: () => judgeQuiet(subject, report),
    onCrash: () => items.clear(),
  };
}

function judgeQuiet({ world, machine }: Subject, report: Report): void {
  const { hv, fs } = world;
  for (const vm of vmIdsOf(fs)) {
    const dom = hv.dom(vm);
    const half = dom === undefined ? undefined : halfOf(dom);
    if (half !== undefined) report("I12", `the domain of ${vm} ${half}`);
    const call = machine.call("VM.stat", { debug_info: "check", id: vm });
    if (call.state !== "done") continue;
    const [, state] = call.result as [unknown, { power_state: string; domids: readonly number[] }];
    const { power_state: power, domids } = state;
    if (domids.length > 1) report("I11", `${vm} says that it has ${domids.length} domains`);
    const isSuspended = dom === undefined && suspendedBytes(fs, vm) !== 0n;
    if ((power === "Suspended") !== isSuspended) {
      report("I20", `${vm} is ${power}, with ${suspendedBytes(fs, vm)} octets of suspended memory`);
    }
    const left = power === "Halted" ? leftoverOf(world, vm) : undefined;
    if (left !== undefined && half === undefined) report("I13", `${vm} is Halted, and ${left}`);
  }
}

function halfOf({ marker, built, dm, hvm }: Dom): string | undefined {
  if (marker !== undefined) return `is marked ${marker}`;
  if (!built) return "is not built";
  return hvm && !dm ? "has no device model" : undefined;
}

/** What is left of half a domain, or of one that has gone. */
function leftoverOf({ hv }: World, vm: string): string | undefined {
  const dom = hv.dom(vm);
  if (dom !== undefined) {
    const half = halfOf(dom);
    return half === undefined ? undefined : `its domain ${half}`;
  }
  for (const storage of hv.storage.values()) {
    if (storage.vm === vm && (storage.attached || storage.activated))
      return `the storage of ${storage.dev} is held`;
  }
  return undefined;
}

function isSame(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && a.length === b.length && a.every((octet, i) => octet === b[i]);
}
