/**
 * What is on the disks of the guest, held against its ledger.
 *
 * @module
 */
import { diskName } from "../guest/mod.ts";
import type { LoadedVm } from "./loaded_vm.ts";

/** Holds what is on the hardware of every disk against the ledger. */
export function checkMedium({ host }: Pick<LoadedVm, "host">): void {
  const { ledger } = host.storage;
  const disks = host.deviceSet.scsi.flatMap(({ disks }) => disks);
  for (const [disk, blocks] of ledger.writtenBlocks()) {
    const place = disks.find(({ lun }) => diskName(lun) === disk)?.namespace ?? null;
    const controller = host.nvme.find(({ pciId }) => pciId === place?.pciId);
    const namespace = controller?.namespaces.get(place?.nsid ?? 0);
    // What was on a namespace that the host has taken away is gone with it.
    if (namespace === undefined) continue;
    for (const lba of blocks) ledger.checkMedium(disk, lba, namespace.read(lba));
  }
}
