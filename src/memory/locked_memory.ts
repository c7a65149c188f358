/**
 * Ordinary memory of VTL2, pinned for DMA. Nothing of it survives a restart and no pool knows of
 * it. Source: microsoft/openvmm, vm/devices/user_driver/src/lockmem.rs.
 *
 * @module
 */
import type { MemoryBlock } from "./memory_block.ts";

/** First page frame of the model's VTL2 memory, far from the ranges of any pool. */
const FIRST_PFN = 0x1000_0000n;

/** Hands out page frames in a row and takes none back: only their being distinct matters. */
export class LockedMemory {
  #nextPfn = FIRST_PFN;

  allocate(pages: number): MemoryBlock {
    const basePfn = this.#nextPfn;
    this.#nextPfn += BigInt(pages);
    return { basePfn, pages, persistent: false, free() {} };
  }
}
