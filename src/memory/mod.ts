/**
 * Memory that devices may reach: page pools, the DMA manager and its clients.
 *
 * @module
 */
export { type DmaBacking, DmaClient, type DmaClientParameters } from "./dma_client.ts";
export { type DmaRanges, OpenhclDmaManager, type PoolRecord } from "./dma_manager.ts";
export type { MemoryBlock } from "./memory_block.ts";
export { PagePool, PagePoolAllocator, type PoolSlotRecord } from "./page_pool.ts";
export { countPages, PAGE_SIZE, type PageRange, toMemoryRange } from "./pages.ts";
export { refuseSharedPages, SHARED_PAGES_2411 } from "./shared_pages_2411.ts";
