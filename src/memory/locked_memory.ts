/**
 * Ordinary memory of VTL2, pinned for DMA. Nothing of it survives a restart and no pool knows of
 * it. Source: microsoft/openvmm, vm/devices/user_driver/src/lockmem.rs.
 *
 * @module
 */
import type { MemoryBlock } from "./memory_block.ts";
import type { PhysicalMemory } from "./physical_memory.ts";

/** First page frame of the model's VTL2 memory, far from the ranges of any pool. */
const FIRST_PFN = 0x1000_0000n;
/** Page frames between the memory of one boot and that of the next: no two share any. */
const BOOT_PFNS = 0x10_0000n;

/** Hands out page frames in a row and gives none out twice: only their being distinct matters. */
export class LockedMemory {
  readonly #memory: PhysicalMemory;
  #nextPfn: bigint;

  constructor(memory: PhysicalMemory) {
    this.#memory = memory;
    this.#nextPfn = FIRST_PFN + BigInt(memory.owners.boots) * BOOT_PFNS;
  }

  allocate(pages: number, owner: string): MemoryBlock {
    const basePfn = this.#nextPfn;
    this.#nextPfn += BigInt(pages);
    this.#memory.lend(basePfn, pages, owner, false);
    const free = () => this.#memory.takeBack(basePfn, pages);
    return { basePfn, pages, persistent: false, free };
  }
}
