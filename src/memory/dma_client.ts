/**
 * One device's access to DMA memory, from a pool or from locked memory. Source: microsoft/openvmm,
 * openhcl/openhcl_dma_manager and vm/page_pool_alloc/src/device_dma.rs.
 *
 * @module
 */
import { ChainError, withContext } from "../machine/mod.ts";
import type { LockedMemory } from "./locked_memory.ts";
import type { MemoryBlock } from "./memory_block.ts";
import type { PagePoolAllocator } from "./page_pool.ts";

/** Tag of every DMA buffer. */
const TAG = "vfio dma";

/** What a device asks for. */
export interface DmaClientParameters {
  readonly deviceName: string;
  readonly visibility: "shared" | "private";
  /** True when the allocations must survive servicing. */
  readonly persistent: boolean;
}

/** Where a client's memory comes from. */
export type DmaBacking =
  | { readonly kind: "shared_pool" | "private_pool"; readonly allocator: PagePoolAllocator }
  | { readonly kind: "locked_memory"; readonly memory: LockedMemory };

/** Allocates and re-attaches the buffers of one device. */
export class DmaClient {
  readonly parameters: DmaClientParameters;
  readonly #backing: DmaBacking;

  constructor(parameters: DmaClientParameters, backing: DmaBacking) {
    this.parameters = parameters;
    this.#backing = backing;
  }

  get backing(): DmaBacking["kind"] {
    return this.#backing.kind;
  }

  allocate(pages: number): MemoryBlock {
    const backing = this.#backing;
    if (pages === 0) throw new ChainError("allocation of size 0 not supported");
    if (backing.kind === "locked_memory") {
      return backing.memory.allocate(pages, this.parameters.deviceName);
    }
    return withContext("failed to allocate shared mem", () => backing.allocator.alloc(pages, TAG));
  }

  /** Attaches a saved buffer of exactly this place and size. */
  attach(basePfn: bigint, pages: number): MemoryBlock {
    const allocator = this.#persistentAllocator();
    return withContext("failed to restore allocation", () =>
      allocator.restoreAlloc(basePfn, pages),
    );
  }

  /** Attaches every saved buffer of this device. */
  attachPendingBuffers(): MemoryBlock[] {
    return this.#persistentAllocator().attachPendingBuffers();
  }

  /** Gives the device name back. Buffers stay as they are. */
  drop(): void {
    if (this.#backing.kind !== "locked_memory") this.#backing.allocator.drop();
  }

  #persistentAllocator(): PagePoolAllocator {
    if (this.#backing.kind === "locked_memory") {
      throw new ChainError("restore not supported for lockmem");
    }
    return this.#backing.allocator;
  }
}
