/**
 * What the saved pool holds for a device is its own afterwards, or the device was reset and the
 * pages are free, as the mismatch table says.
 *
 * @module
 */
import { check } from "../check.ts";
import type { SlotRecord } from "../facets/dma.ts";
import type { Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { type Allocation, allocationsOf, keptIn } from "./kept.ts";
import { deviceRow } from "./rows_of_edge.ts";
import type { DeviceRow } from "./tables.ts";

export const noAllocationLost: Oracle = {
  name: "no-allocation-lost",
  must: "Each saved allocation belongs to its device after restore, or was given back by a reset",
  source: "fixtures/openhcl/keepalive_mismatch.json",
  needs: ["dma"],
  judge(edge) {
    const state = decoded(edge);
    if (state === undefined || edge.machine === undefined) return;
    const owned = allocationsOf(state);
    if (owned.length === 0) return;
    const pools = edge.machine.dma?.pools() ?? [];
    const slots = pools.find(({ pool }) => pool === "private")?.slots ?? [];
    const kept = keptIn(state);
    const rows = {
      nvme: deviceRow(edge, kept, "nvme"),
      mana: deviceRow(edge, kept, "mana"),
    };
    for (const allocation of owned) {
      const row = allocation.device.startsWith("nvme_") ? rows.nvme : rows.mana;
      checkAllocation(allocation, row, slots);
    }
  },
};

function checkAllocation(
  { device, pfn, pages }: Allocation,
  { outcome }: DeviceRow,
  slots: readonly SlotRecord[],
): void {
  const what = `${pages} pages of ${device} at ${pfn}`;
  const slot = slots.find((candidate) => candidate.pfn === pfn);
  if (outcome === "attach") {
    check(
      slot?.device === device && slot.pages === pages && slot.state === "allocated",
      `${what} are ${slot === undefined ? "gone" : `${slot.state} ${slot.device}`}`,
    );
    return;
  }
  // Pages that were given back may have found a new owner since, but not the old claim.
  const unclaimed = slot?.state === "pending" || slot?.state === "leaked";
  check(!unclaimed, `${what} are ${slot?.state} although the device started afresh`);
  // A device that was cleared takes no pages of the pool, so its name there owns them in vain.
  const kept = outcome === "fresh-after-clear" && slot?.device === device;
  check(!kept, `${what} are claimed although the device was cleared`);
}
