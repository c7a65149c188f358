/**
 * The guest's I/O to assigned disks: enough that every save finds idle queues and queues with
 * commands in flight.
 *
 * Source: facts/openhcl/semantics.md, NVMe driver save/restore (pending commands, lazy restore).
 *
 * @module
 */

import { VP_COUNT } from "./guest_content.ts";
import type { LoadedVm } from "./loaded_vm.ts";

/** Processors whose commands are still in flight when a save comes. */
const BUSY_CPUS: readonly number[] = [1, 3];

/** The storage stack opens every disk that the host has assigned. */
export function openDisks({ nvme, host }: LoadedVm): void {
  if (nvme === null) return;
  for (const controller of host.nvme) {
    for (const nsid of controller.namespaces.keys()) nvme.namespace(controller.pciId, nsid);
  }
}

/** Uses every disk from every processor, so that each one gets its queue. */
export function useDisks(vm: LoadedVm): void {
  const cpus = Array.from({ length: VP_COUNT }, (_, cpu) => cpu);
  read(vm, cpus);
  completeIo(vm);
  keepBusy(vm);
}

/** What the hardware has finished reaches the guest. */
export function completeIo({ nvme, host }: LoadedVm): void {
  if (nvme === null) return;
  for (const controller of host.nvme) controller.completeIo();
  nvme.poll();
}

/** Puts commands in flight from some processors. */
export function keepBusy(vm: LoadedVm): void {
  read(vm, BUSY_CPUS);
}

function read({ nvme, host }: LoadedVm, cpus: readonly number[]): void {
  if (nvme === null) return;
  for (const { pciId, namespaces } of host.nvme) {
    const [nsid] = namespaces.keys();
    if (nsid === undefined) continue;
    for (const cpu of cpus) nvme.submit(pciId, cpu, nsid, "READ");
  }
}
