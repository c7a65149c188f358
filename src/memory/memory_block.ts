/**
 * Memory that a driver shares with its device: pages in a row, owned until they are freed.
 * Dropping an owner without freeing leaves the pages as they are, which is what keepalive needs.
 *
 * @module
 */

/** Pages that a device may reach. */
export interface MemoryBlock {
  readonly basePfn: bigint;
  readonly pages: number;
  /** True when the page frames stay the same over servicing. */
  readonly persistent: boolean;
  /** Gives the pages back. */
  free(): void;
}
