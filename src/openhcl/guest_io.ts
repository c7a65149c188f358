/**
 * The guest's I/O to assigned disks: enough that every save finds idle queues and queues with
 * commands in flight.
 *
 * Source: facts/openhcl/semantics.md, NVMe driver save/restore (pending commands, lazy restore).
 *
 * @module
 */
import { GUEST } from "../memory/mod.ts";
import type { IoRequest } from "../nvme_driver/mod.ts";
import { VP_COUNT } from "./guest_content.ts";
import type { LoadedVm } from "./loaded_vm.ts";

/** Processors whose commands are still in flight when a save comes. */
const BUSY_CPUS: readonly number[] = [1, 3];

/** Pages of the guest, one for each processor. */
const GUEST_PFN = 0x8000;

/** Longer than everything takes that is not held. */
const PATIENCE_US = 10_000;

/** The storage stack opens every disk that the host has assigned. */
export function openDisks({ nvme, host }: LoadedVm): void {
  if (nvme === null) return;
  for (const controller of host.nvme) {
    for (const nsid of controller.namespaces.keys()) nvme.namespace(controller.pciId, nsid);
  }
}

/** Uses every disk from every processor, so that each one gets its queue. */
export function useDisks(vm: LoadedVm): void {
  if (vm.nvme === null) return;
  const cpus = Array.from({ length: VP_COUNT }, (_, cpu) => cpu);
  const done = send(vm, "WRITE", cpus);
  vm.env.clock.advanceUntil(done, PATIENCE_US);
  keepBusy(vm);
}

/** What the hardware has finished reaches the guest. */
export function completeIo({ nvme, host, env }: LoadedVm): void {
  if (nvme === null) return;
  for (const controller of host.nvme) controller.release();
  env.clock.advanceUntil(() => false, PATIENCE_US);
}

/** Puts commands in flight from some processors. */
export function keepBusy(vm: LoadedVm): void {
  const { host, env } = vm;
  if (vm.nvme === null) return;
  for (const controller of host.nvme) {
    for (let qid = 1; qid <= VP_COUNT; qid++) controller.hold(qid);
  }
  send(vm, "READ", BUSY_CPUS);
  env.clock.advanceUntil(() => false, PATIENCE_US);
}

/** Sends a block to or from every disk; answers whether all of it has completed. */
function send({ nvme, host }: LoadedVm, opcode: "READ" | "WRITE", cpus: readonly number[]) {
  let left = 0;
  const { owners } = host.memory;
  if (owners.ownerOf(GUEST_PFN) !== GUEST) owners.lend(GUEST_PFN, VP_COUNT, GUEST, true);
  for (const { pciId, namespaces } of host.nvme) {
    const [nsid] = namespaces.keys();
    if (nsid === undefined) continue;
    for (const cpu of cpus) {
      const place = { lba: cpu, blocks: 1, pfns: [GUEST_PFN + cpu], offset: 0 };
      const request: IoRequest = { opcode, nsid, ...place };
      left += 1;
      nvme?.submit(pciId, cpu, request, () => {
        left -= 1;
      });
    }
  }
  return () => left === 0;
}
