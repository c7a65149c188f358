/**
 * The guest's work with its disks and rings: before a save, so that it finds idle queues and queues
 * with commands in flight; across the servicing; and after it, when everything is read again and
 * written anew. What came of it is in the guest's ledger.
 *
 * Source: microsoft/openvmm, nvme_driver driver.rs (lazy restore) and queue_pair.rs (pending
 * commands).
 *
 * @module
 */
import { passPackets, type StorageRequest } from "../guest/mod.ts";
import { workers } from "./disk_step_names.ts";
import { VP_COUNT } from "./guest_content.ts";
import type { LoadedVm } from "./loaded_vm.ts";

/** Longer than everything takes that is not held. */
const PATIENCE_US = 10_000;

/** Longer than a disk takes that is late, with one command after the other. */
const LATE_US = 40_000_000;

/** For so long the device keeps commands that come to an end while OpenHCL restarts. */
const HELD_US = 50_000;

/** Processors whose commands are in flight when a save comes: one that writes, one that reads. */
const WRITER = 1;
const READER = 3;
/** A processor with nothing in flight, and for how long it is alone. */
const IDLER = 2;
const IDLE_US = 500;

/** Disks that the guest works with; each on another controller. */
const LUNS = [0, 1] as const;

const VPS: readonly number[] = Array.from({ length: VP_COUNT }, (_, vp) => vp);

/** Packets that go through each open channel at every turn. */
const PACKETS = 2;

/** Blocks of one processor are in one place at first, and in another after each servicing. */
const firstBlock = (vp: number) => 8 * vp;
const laterBlock = (vp: number) => 128 + vp;

/** So many blocks that their pages need a list, and some of them that are given back. */
const LONG = { lun: 1, lba: 64, blocks: 24 } as const;
const UNMAPPED = { lun: 1, lba: 72, blocks: 8 } as const;

type Worked = Pick<LoadedVm, "host" | "env" | "nvme">;

/** The storage stack opens every disk that the host has assigned. */
export function openDisks({ nvme, host, env }: Worked): void {
  if (nvme === null) return;
  for (const controller of host.nvme) {
    env.points.reach("disks/open");
    for (const nsid of controller.namespaces.keys()) nvme.namespace(controller.pciId, nsid);
  }
}

/** The first work: every processor writes to every disk, so that each one gets its queue. */
export function beginWork(vm: Worked): void {
  const { storage, guest } = vm.host;
  passPackets(guest, PACKETS);
  if (!storage.ready) return;
  const { diskStep } = vm.host.vm;
  const vps = workers(diskStep, VPS);
  send(
    vm,
    each(vps, (vp) => ({ kind: "write", lba: firstBlock(vp), blocks: 1, vp })),
  );
  if (diskStep !== undefined) return;
  send(vm, [{ kind: "write", ...LONG, vp: 0 }]);
  send(vm, [
    { kind: "flush", lun: 0, lba: 0, blocks: 0, vp: 1 },
    { kind: "unmap", ...UNMAPPED, vp: 2 },
  ]);
  send(vm, [{ kind: "read", ...LONG, vp: READER }]);
}

/**
 * Puts requests in flight that no answer comes to before the machine stops: one of them is done
 * while nobody runs, the others when the guest goes on.
 */
export function keepBusy(vm: Worked): void {
  const { storage, nvme: hardware } = vm.host;
  if (!storage.ready || vm.nvme === null) return;
  const soonUs = keepsFlights(vm) ? Number.POSITIVE_INFINITY : vm.env.clock.nowUs + HELD_US;
  for (const controller of hardware) {
    for (let qid = 1; qid <= VP_COUNT; qid++) controller.hold(qid);
  }
  const [first] = vm.nvme.controllers();
  const qid = first?.ioQueues.find(({ cpu }) => cpu === WRITER)?.qid;
  if (qid !== undefined) hardware[0]?.hold(qid, soonUs);
  for (const request of [
    ...each([WRITER], (vp) => ({ kind: "write", lba: firstBlock(vp), blocks: 1, vp })),
    ...each([READER], (vp) => ({ kind: "read", lba: firstBlock(vp), blocks: 1, vp })),
  ] satisfies StorageRequest[]) {
    storage.send(request);
  }
  vm.env.clock.advanceUntil(() => false, PATIENCE_US);
}

/** The guest runs: what was in flight comes back, what was written is read, and work goes on. */
export function goOnWorking(vm: Worked): void {
  const { ram, guest, storage, nvme: hardware } = vm.host;
  ram.advance();
  passPackets(guest, PACKETS);
  const answered = untilAnswered(vm);
  if (storage.ready) {
    // One processor does not wait for what the others have in flight.
    for (const lun of LUNS) {
      storage.send({ kind: "read", lun, lba: firstBlock(IDLER), blocks: 1, vp: IDLER });
    }
    answered(IDLE_US);
  }
  for (const controller of hardware) {
    if (keepsFlights(vm)) controller.releaseIdle();
    else controller.release();
  }
  answered(PATIENCE_US);
  if (!storage.ready) return;
  const readAt = (block: (vp: number) => number) =>
    each(VPS, (vp) => ({ kind: "read", lba: block(other(vp)), blocks: 1, vp }));
  send(vm, [
    ...readAt(firstBlock),
    // Nothing is there before the guest has gone on for the first time.
    ...(ram.tick === 1 ? [] : readAt(laterBlock)),
    { kind: "read", ...LONG, vp: 0 },
  ]);
  send(vm, [...each(VPS, (vp) => ({ kind: "write", lba: laterBlock(vp), blocks: 1, vp }))]);
}

/** What disks have kept over every save comes back at last. */
export function endFlights(vm: Worked): void {
  if (!keepsFlights(vm)) return;
  const { storage, nvme: hardware } = vm.host;
  for (const controller of hardware) controller.release();
  vm.env.clock.advanceUntil(() => storage.ledger.waiting === 0, LATE_US);
}

function keepsFlights({ host }: Pick<Worked, "host">): boolean {
  return host.vm.flight === "chain";
}

/** Lets time pass, up to so much at each call, and ends the blackout with the first answer. */
function untilAnswered({ host, env: { clock } }: Worked): (limitUs: number) => void {
  const { ledger } = host.storage;
  const { answers } = ledger;
  let over = false;
  return (limitUs) => {
    const untilUs = clock.nowUs + limitUs;
    if (!over && clock.advanceUntil(() => ledger.answers > answers, limitUs)) {
      over = true;
      host.blackout.end();
    }
    clock.advanceUntil(() => false, untilUs - clock.nowUs);
  };
}

/** A processor reads what another one has written. */
function other(vp: number): number {
  return (vp + 1) % VP_COUNT;
}

/** A request of each processor to each disk. */
function each(
  vps: readonly number[],
  request: (vp: number) => Omit<StorageRequest, "lun">,
): StorageRequest[] {
  return vps.flatMap((vp) => LUNS.map((lun) => ({ ...request(vp), lun })));
}

/** Sends requests and waits for their answers. */
function send({ host, env }: Worked, requests: readonly StorageRequest[]): void {
  const { storage } = host;
  for (const request of requests) storage.send(request);
  env.clock.advanceUntil(() => storage.ledger.waiting === 0, PATIENCE_US);
}
