/**
 * Steps of the guest's work with disks, at which a save can be made: how many processors have done
 * I/O, what is in flight, and what a controller has just said of its namespaces.
 *
 * Source: microsoft/openvmm, vmm_tests/vmm_tests/tests/tests/multiarch/openhcl_servicing.rs, whose
 * tests save at such moments; nvme_driver driver.rs and queue_pair.rs.
 *
 * @module
 */
import type { StorageRequest } from "../guest/mod.ts";
import type { DiskStep } from "./disk_step_names.ts";
import { VP_COUNT } from "./guest_content.ts";
import { keepBusy } from "./guest_workload.ts";
import type { LoadedVm } from "./loaded_vm.ts";

type Stepped = Pick<LoadedVm, "host" | "env" | "nvme">;

interface Step {
  readonly name: DiskStep;
  /** What comes right before the save, in place of the usual requests. */
  enter(vm: Stepped): void;
}

/** Longer than everything takes that is not held. */
const PATIENCE_US = 10_000;
/** For so long a controller keeps what it is held with; a servicing takes longer. */
const HELD_US = 50_000;
/** Queue of the administrator. */
const ADMIN = 0;
/** Processor that has not done any I/O, where not all have. */
const NEWCOMER = 2;
/** Entries of the largest submission queue of any release, and requests that find no room. */
const ENTRIES_MAX = 256;
const MORE = 4;
/** Blocks that need a list of pages. */
const LONG_BLOCKS = 24;
/** What a namespace grows by. */
const GROWTH_BLOCKS = 0x100n;

const STEPS: readonly Step[] = [
  { name: "queue:none", enter() {} },
  { name: "queue:begun", enter() {} },
  { name: "queue:done", enter() {} },
  {
    name: "queue:sent",
    enter(vm) {
      holdSoon(vm, ADMIN);
      sendAll(vm, [{ kind: "read", lba: 0, blocks: 1, vp: NEWCOMER }]);
    },
  },
  {
    name: "queue:inspected",
    enter(vm) {
      holdSoon(vm, ADMIN);
      sendAll(vm, [{ kind: "read", lba: 0, blocks: 1, vp: NEWCOMER }]);
      vm.nvme?.interruptWorkers();
    },
  },
  {
    name: "list:sent",
    enter(vm) {
      for (let qid = 1; qid <= VP_COUNT; qid++) holdSoon(vm, qid);
      sendAll(vm, [{ kind: "write", lba: 192, blocks: LONG_BLOCKS, vp: 1 }]);
    },
  },
  {
    name: "flush:sent",
    enter(vm) {
      for (let qid = 1; qid <= VP_COUNT; qid++) holdSoon(vm, qid);
      sendAll(vm, [{ kind: "flush", lba: 0, blocks: 0, vp: 1 }]);
    },
  },
  {
    name: "namespace:done",
    enter(vm) {
      growLast(vm);
      pass(vm);
    },
  },
  {
    name: "namespace:sent",
    enter(vm) {
      holdSoon(vm, ADMIN);
      growLast(vm);
      pass(vm);
    },
  },
  {
    name: "queue:full",
    enter(vm) {
      for (const controller of vm.host.nvme) {
        for (let qid = 1; qid <= VP_COUNT; qid++) controller.hold(qid);
      }
      const read = { kind: "read", lba: 0, blocks: 1, vp: 1 } as const;
      sendAll(vm, new Array(ENTRIES_MAX + MORE).fill(read));
    },
  },
];

/** What the guest is at when a save comes: at the first one it may be at a step of its own. */
export function comeToPoint(vm: Stepped): void {
  const { host } = vm;
  const { diskStep } = host.vm;
  if (diskStep === undefined || !host.isUnsaved) keepBusy(vm);
  else STEPS.find(({ name }) => name === diskStep)?.enter(vm);
  host.isUnsaved = false;
}

function holdSoon({ host, env }: Stepped, qid: number): void {
  for (const controller of host.nvme) controller.hold(qid, env.clock.nowUs + HELD_US);
}

function sendAll(vm: Stepped, requests: readonly Omit<StorageRequest, "lun">[]): void {
  const { storage } = vm.host;
  if (!storage.ready) return;
  for (const request of requests) storage.send({ ...request, lun: 1 });
  pass(vm);
}

function pass({ env }: Stepped): void {
  env.clock.advanceUntil(() => false, PATIENCE_US);
}

/** The last namespace grows, and its controller says so. */
function growLast({ host }: Stepped): void {
  const controller = host.nvme.at(-1);
  const last = [...(controller?.namespaces.values() ?? [])].at(-1);
  if (controller === undefined || last === undefined) return;
  controller.changeNamespace(last.nsid, last.blocks + GROWTH_BLOCKS);
}
