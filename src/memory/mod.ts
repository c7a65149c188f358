/**
 * Memory that devices may reach: page pools, the DMA manager and its clients.
 *
 * @module
 */
export { DeviceMemory } from "./device_memory.ts";
export { type DmaBacking, DmaClient, type DmaClientParameters } from "./dma_client.ts";
export {
  type DmaRanges,
  type EphemeralMemory,
  OpenhclDmaManager,
  type PoolRecord,
} from "./dma_manager.ts";
export { GuestMemory } from "./guest_memory.ts";
export type { MemoryBlock } from "./memory_block.ts";
export { GUEST, type PageOwners, type StrayWrite } from "./page_owners.ts";
export { PagePool, PagePoolAllocator, type PoolSlotRecord } from "./page_pool.ts";
export { countPages, PAGE_SIZE, type PageRange, toMemoryRange } from "./pages.ts";
export { PhysicalMemory } from "./physical_memory.ts";
export { refuseSharedPages, SHARED_PAGES_2411 } from "./shared_pages_2411.ts";
