/** Pages that devices may reach, and who owns them. */
export interface Dma {
  /** The pools that exist; an absent pool is not in the list. */
  pools(): readonly PoolRecord[];
  /** Writes of devices to pages that were not their own, since power-on, oldest first. */
  strayWrites(): readonly StrayWriteRecord[];
}

export interface StrayWriteRecord {
  readonly device: string;
  readonly pfn: number;
  /** Owner of the page; null when it belonged to nobody. */
  readonly owner: string | null;
}

export interface PoolRecord {
  readonly pool: "shared" | "private";
  readonly ranges: readonly { readonly pfn: bigint; readonly pages: bigint }[];
  /** Allocations and free space, by `pfn`. */
  readonly slots: readonly SlotRecord[];
}

export interface SlotRecord {
  readonly pfn: bigint;
  readonly pages: bigint;
  /** `pending` is an allocation of the previous hop that nobody has claimed yet. */
  readonly state: "free" | "allocated" | "pending" | "leaked";
  /** Owner; empty when free. */
  readonly device: string;
}
