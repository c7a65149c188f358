/**
 * The virtual processors as a state unit: a blob for each one inside the partition's own.
 *
 * Source: vmm_core/src/partition_unit.rs and vp_set.rs, whose restore demands a processor for each
 * saved one.
 *
 * @module
 */
import type { VmbusDriver } from "../guest/mod.ts";
import { RestoreError } from "../machine/mod.ts";
import { Partition, ProcessorSavedState } from "../openhcl_state/mod.ts";
import { type BlobCodec, blobsOf, perBlob, perState } from "./blob.ts";
import { COMMON_RELEASE } from "./common_content.ts";
import { type Processor, restoreProcessor, saveProcessor } from "./processor.ts";
import type { StateUnit } from "./state_units.ts";
import { type Cell, unitOf } from "./unit_cell.ts";

/** What a partition has. */
interface PartitionParts {
  readonly cell: Cell<readonly Processor[]>;
  /** Processors that there are; those without saved state stay as they are at power-on. */
  readonly vpCount: number;
  readonly guest: VmbusDriver;
}

/** Virtual processors; restored last. While they run, so does the guest. */
export function partitionUnit(
  release: string,
  dependencies: readonly string[],
  { cell, vpCount, guest }: PartitionParts,
): StateUnit {
  const unit = unitOf({
    name: "partition",
    dependencies,
    blobs: partitionBlobs(release),
    cell,
    content: processorContent,
    adopt(processors) {
      if (processors.length > vpCount) throw new RestoreError(`unknown entry ID: vp${vpCount}`);
    },
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
  const packed = perState((vp: Processor) => processor.pack(saveProcessor(vp)));
  const unpacked = perBlob((blob) => restoreProcessor(processor.unpack(blob)));
  return {
    pack: perState((processors: readonly Processor[]) =>
      partition.pack({
        partition: NO_STATE,
        vps: processors.map((vp, vp_index) => ({ vp_index, data: packed(vp) })),
      }),
    ),
    unpack: perBlob((blob) => partition.unpack(blob).vps.map(({ data }) => unpacked(data))),
  };
}

const NO_STATE = {
  type_url: "type.googleapis.com/save_restore.NoSavedState",
  value: new Uint8Array(0),
};
