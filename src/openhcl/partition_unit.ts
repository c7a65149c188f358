/**
 * The virtual processors as a state unit: a blob for each one inside the partition's own.
 *
 * Source: vmm_core/src/partition_unit.rs, openhcl/virt_mshv_vtl/src/processor/mshv/x64.rs.
 *
 * @module
 */
import type { VmbusDriver } from "../guest/mod.ts";
import { Partition, ProcessorSavedState } from "../openhcl_state/mod.ts";
import type { Shape } from "../schema/message.ts";
import { type BlobCodec, blobsOf, perBlob, perState } from "./blob.ts";
import { COMMON_RELEASE } from "./common_content.ts";
import type { StateUnit } from "./state_units.ts";
import { cellOf, unitOf } from "./unit_cell.ts";

/** Virtual processors; restored last. While they run, so does `guest`. */
export function partitionUnit(
  release: string,
  dependencies: readonly string[],
  processors: readonly Processor[],
  guest: VmbusDriver,
): StateUnit {
  const unit = unitOf({
    name: "partition",
    dependencies,
    blobs: partitionBlobs(release),
    cell: cellOf(processors),
    content: processorContent,
  });
  return {
    ...unit,
    start: () => guest.setRunning(true),
    stop: () => guest.setRunning(false),
  };
}

const processorContent = perState(
  (processors: readonly Processor[]) => partitionBlobs(COMMON_RELEASE).pack(processors).value,
);

export type Processor = Shape<typeof ProcessorSavedState>;

const known = new Map<string, BlobCodec<readonly Processor[]>>();

/** Blobs of the partition as `release` writes and reads them; the same for every VM. */
function partitionBlobs(release: string): BlobCodec<readonly Processor[]> {
  const blobs = known.get(release) ?? newBlobs(release);
  known.set(release, blobs);
  return blobs;
}

/** The partition's blob has a blob for each processor. */
function newBlobs(release: string): BlobCodec<readonly Processor[]> {
  const partition = blobsOf(Partition, release);
  const processor = blobsOf(ProcessorSavedState, release);
  return {
    pack: perState((processors: readonly Processor[]) =>
      partition.pack({
        partition: NO_STATE,
        vps: processors.map((vp, vp_index) => ({ vp_index, data: processor.pack(vp) })),
      }),
    ),
    unpack: perBlob((blob) => partition.unpack(blob).vps.map(({ data }) => processor.unpack(data))),
  };
}

const NO_STATE = {
  type_url: "type.googleapis.com/save_restore.NoSavedState",
  value: new Uint8Array(0),
};
