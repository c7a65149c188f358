/**
 * Pools of pages for devices: after servicing every page is free or has a live owner.
 *
 * Method: list the pools before the first save and after each restore, and compare with the last
 * list, as devices only know what the last boot told them. A pool that exists on one side only is
 * not compared; whether its state may cross is a question of decision tables.
 *
 * @module
 */
import type { PoolRecord } from "../harness/facets/dma.ts";
import { check, type Machine, scenario, suite } from "../harness/mod.ts";

const POOL = "openvmm, vm/page_pool_alloc/src/lib.rs";

function inState(machine: Machine<"dma">, state: string): string | undefined {
  for (const { pool, slots } of machine.dma.pools()) {
    const slot = slots.find((candidate) => candidate.state === state);
    if (slot !== undefined) return `${slot.pages} pages of ${slot.device} in the ${pool} pool`;
  }
  return undefined;
}

function rangesOf({ ranges }: PoolRecord): string {
  return ranges.map(({ pfn, pages }) => `${pfn}+${pages}`).join(" ");
}

export default suite("dma-pool", [
  scenario({
    name: "pending/none-after-restore",
    must: "Every saved allocation is claimed by its device before the guest resumes",
    source: `${POOL}, validate_restore`,
    needs: ["dma"],
    after(machine) {
      const left = inState(machine, "pending");
      check(left === undefined, `unclaimed: ${left}`);
    },
  }),

  scenario({
    name: "pages/none-are-leaked",
    must: "Servicing leaks no page",
    source: `${POOL}, validate_restore: leak is false for the DMA manager`,
    needs: ["dma"],
    after(machine) {
      const leaked = inState(machine, "leaked");
      check(leaked === undefined, `leaked: ${leaked}`);
    },
  }),

  scenario({
    name: "ranges/stay",
    must: "A pool that exists before and after has the same ranges, as devices know the pages",
    source: "openvmm Guide, reference/architecture/openhcl_servicing.md, Memory Management",
    needs: ["dma"],
    before: ({ dma }) => dma.pools(),
    after({ dma }, noted) {
      for (const before of noted) {
        const after = dma.pools().find(({ pool }) => pool === before.pool);
        if (after === undefined) continue;
        const [was, is] = [rangesOf(before), rangesOf(after)];
        check(is === was, `${before.pool} pool: ranges were ${was}, are ${is}`);
      }
      return dma.pools();
    },
  }),

  scenario({
    name: "slots/name-their-owner",
    must: "Every allocated slot names the device that owns it, and no free one does",
    source: `${POOL}, Slot`,
    needs: ["dma"],
    after({ dma }) {
      for (const { slots } of dma.pools()) {
        const odd = slots.find(({ state, device }) => (state === "free") !== (device === ""));
        check(odd === undefined, `slot at ${odd?.pfn} is ${odd?.state} and names "${odd?.device}"`);
      }
    },
  }),
]);
