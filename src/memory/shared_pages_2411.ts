/**
 * Release 2411 has no DMA manager. A VM with shared pages owns a bare pool of them, and such a VM
 * cannot be serviced. Source: microsoft/openvmm, release/2411,
 * openhcl/underhill_core/src/dispatch/mod.rs (`save`).
 *
 * @module
 */
import { ChainError } from "../machine/mod.ts";
import type { PagePool } from "./page_pool.ts";

/** Pages of the pool in this release. */
export const SHARED_PAGES_2411 = 1n;

/** Refuses the save of a VM that has shared pages; runs before any other part is saved. */
export function refuseSharedPages(pool: PagePool | null): void {
  if (pool !== null) throw new ChainError("save not supported for shared pages yet");
}
