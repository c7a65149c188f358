/**
 * A namespace of an assigned NVMe controller as a disk of the guest.
 *
 * Source: microsoft/openvmm, vm/devices/storage/disk_nvme/src/lib.rs (`NvmeDisk`).
 *
 * @module
 */
import type { IoRequest, NvmeManager } from "../nvme_driver/mod.ts";
import type { DiskRequest, ScsiDisk } from "../storvsp/mod.ts";
import type { DiskConfig } from "./device_set.ts";

/** What a disk says that was never asked by its controller. */
const NOT_ISSUED = 0xffff;

/** The disks of a controller by path, target and lun; they reach their namespaces by `nvme`. */
export function scsiDisks(
  disks: readonly DiskConfig[],
  nvme: NvmeManager | null,
): Map<string, ScsiDisk> {
  return new Map(disks.map((disk) => [`0:0:${disk.lun}`, scsiDisk(disk, nvme)]));
}

function scsiDisk({ blocks: sectorCount, namespace }: DiskConfig, nvme: NvmeManager | null) {
  return {
    sectorCount,
    execute(request: DiskRequest, done: (status: number) => void): void {
      if (namespace === null || nvme === null) return;
      const { pciId, nsid } = namespace;
      nvme.submit(pciId, request.vp, ioRequestOf(request, nsid), ({ status }) =>
        done(status ?? NOT_ISSUED),
      );
    },
  };
}

function ioRequestOf({ kind, lba, blocks, range }: DiskRequest, nsid: number): IoRequest {
  switch (kind) {
    case "read":
      return { opcode: "READ", nsid, lba, blocks, ...range };
    case "write":
      return { opcode: "WRITE", nsid, lba, blocks, ...range };
    case "flush":
      return { opcode: "FLUSH", nsid };
    case "unmap":
      return { opcode: "DSM", nsid, ranges: [{ lba, blocks }] };
  }
}
