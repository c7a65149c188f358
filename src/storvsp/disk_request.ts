/**
 * A SCSI request as a disk understands it.
 *
 * Source: microsoft/openvmm, vm/devices/storage/scsidisk/src/lib.rs, unmap.rs.
 *
 * @module
 */
import { refusal } from "../machine/mod.ts";
import { type GuestMemory, PAGE_SIZE } from "../memory/mod.ts";
import type { RangeSavedState } from "../openhcl_state/mod.ts";
import type { DiskRequest, GuestRange } from "./disk.ts";
import { rangeOf } from "./external_data.ts";
import { SCSI_OPCODE, type ScsiRequest, UNMAP_LIST_SIZE, unmapRangeOf } from "./scsi_request.ts";

const KINDS = new Map<number, DiskRequest["kind"]>([
  [SCSI_OPCODE.READ, "read"],
  [SCSI_OPCODE.WRITE, "write"],
  [SCSI_OPCODE.SYNCHRONIZE_CACHE, "flush"],
  [SCSI_OPCODE.UNMAP, "unmap"],
]);

/** The request for processor `vp`; null for an opcode that no disk has, and for memory amiss. */
export function diskRequestOf(
  request: ScsiRequest,
  externalData: RangeSavedState,
  memory: GuestMemory,
  vp: number,
): DiskRequest | null {
  const kind = KINDS.get(request.opcode);
  if (kind === undefined) return null;
  let range: GuestRange;
  try {
    range = rangeOf(externalData, request.transferLength);
  } catch (error) {
    refusal(error);
    return null;
  }
  if (kind !== "unmap") return { kind, lba: request.lba, blocks: request.blocks, range, vp };
  const blocks = unmapRangeOf(parameterList(range, memory));
  return blocks === null ? null : { kind, ...blocks, range, vp };
}

/** A list that begins so late in a page that it does not fit there is not read. */
function parameterList({ offset, pfns: [pfn] }: GuestRange, memory: GuestMemory): Uint8Array {
  if (pfn === undefined || offset + UNMAP_LIST_SIZE > PAGE_SIZE) return new Uint8Array();
  return memory.read(pfn * PAGE_SIZE + offset, UNMAP_LIST_SIZE);
}
