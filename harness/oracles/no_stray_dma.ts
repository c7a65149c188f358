/**
 * A device writes only to what was lent to it: to its own pages and to the guest's. A device that
 * is still at work when its memory has gone elsewhere corrupts silently, and nobody else would see.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";

export const noStrayDma: Oracle<number> = {
  name: "no-stray-dma",
  must: "Between one save and the next, no device writes to a page that is not its own",
  source: "openhcl/openhcl_dma_manager/src/lib.rs; vm/page_pool_alloc/src/lib.rs",
  needs: ["dma"],
  before: ({ dma }) => dma?.strayWrites().length ?? 0,
  judge({ machine }, seen) {
    const stray = machine?.dma?.strayWrites()[seen];
    if (stray === undefined) return;
    const { device, pfn, owner } = stray;
    const whose = owner === null ? "nobody" : owner;
    check(false, `${device} wrote to page ${pfn}, which belongs to ${whose}`);
  },
};
