/**
 * What storvsp asks of the disks behind it. Whoever builds the machine knows what they are.
 *
 * @module
 */

/** Memory of the guest that a request reads or writes: page frames, from `offset` of the first. */
export interface GuestRange {
  readonly offset: number;
  readonly pfns: readonly number[];
}

export interface DiskRequest {
  readonly kind: "read" | "write" | "flush" | "unmap";
  readonly lba: number;
  readonly blocks: number;
  readonly range: GuestRange;
  /** Processor that sends it. */
  readonly vp: number;
}

export interface ScsiDisk {
  /** Blocks of the disk. */
  readonly sectorCount: bigint;
  /** Starts a request; `done` gets zero on success. It may never be called. */
  execute(request: DiskRequest, done: (status: number) => void): void;
}
