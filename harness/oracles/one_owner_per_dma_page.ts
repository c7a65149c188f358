/**
 * Slots of a pool tile its ranges: no page is in two slots, none is outside, none is missing. Holds
 * for the pools of the restored machine and for those in the saved state, because a reader checks
 * no more than the total (vm/page_pool_alloc/src/lib.rs, `restore`). After a restore nothing of the
 * last hop is left without an owner.
 *
 * @module
 */
import type { PagePoolState } from "../../src/openhcl_state/mod.ts";
import { check } from "../check.ts";
import type { SlotRecord } from "../facets/dma.ts";
import type { Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";

interface Run {
  readonly pfn: bigint;
  readonly pages: bigint;
}

/** Octets of a page, as `MemoryRange` counts in octets. */
const PAGE_BYTES = 4096n;

export const oneOwnerPerDmaPage: Oracle = {
  name: "one-owner-per-dma-page",
  must: "Every page of a pool is in one slot, inside its ranges, and free or claimed after restore",
  source: "openvmm, vm/page_pool_alloc/src/lib.rs",
  needs: ["dma"],
  judge(edge) {
    const dma = decoded(edge)?.init.dma_manager_state;
    if (dma?.private_pool) checkSaved("private", dma.private_pool);
    if (dma?.shared_pool) checkSaved("shared", dma.shared_pool);
    for (const { pool, ranges, slots } of edge.machine?.dma?.pools() ?? []) {
      checkTiling(`${pool} pool`, ranges, slots);
      for (const slot of slots) checkClaimed(`${pool} pool`, slot);
    }
  },
};

function checkClaimed(name: string, { pfn, pages, state, device }: SlotRecord): void {
  const claimed = state === "free" || state === "allocated";
  check(claimed, `${name}: ${pages} pages of ${device} at ${pfn} are ${state}`);
}

function checkSaved(name: string, { ranges, state }: PagePoolState): void {
  checkTiling(
    `saved ${name} pool`,
    ranges.map(({ start, end }) => ({
      pfn: start / PAGE_BYTES,
      pages: (end - start) / PAGE_BYTES,
    })),
    state.map(({ base_pfn: pfn, size_pages: pages }) => ({ pfn, pages })),
  );
}

function checkTiling(name: string, ranges: readonly Run[], slots: readonly Run[]): void {
  const rest = [...slots].sort(byPfn);
  let at = 0;
  for (const { pfn, pages } of [...ranges].sort(byPfn)) {
    const end = pfn + pages;
    let next = pfn;
    while (next < end) {
      const slot = rest[at++];
      check(slot !== undefined, `${name}: page ${next} is in no slot`);
      check(slot.pfn >= next, `${name}: page ${slot.pfn} is in two slots or outside the ranges`);
      check(slot.pfn === next, `${name}: page ${next} is in no slot`);
      next = slot.pfn + slot.pages;
    }
    check(next === end, `${name}: a slot ends at page ${next}, its range at ${end}`);
  }
  check(at === rest.length, `${name}: page ${rest[at]?.pfn} is outside the ranges`);
}

function byPfn(left: Run, right: Run): number {
  return left.pfn < right.pfn ? -1 : left.pfn > right.pfn ? 1 : 0;
}
