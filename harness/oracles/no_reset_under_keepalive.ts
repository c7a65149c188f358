/**
 * The hardware sees no reset between stop and resume when the table says that a controller is
 * attached, and sees one when it says anything else.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { keptIn } from "./kept.ts";
import { deviceRow } from "./rows_of_edge.ts";

/** Resets by controller, of those that have a driver, which takes a disk. */
type Seen = ReadonlyMap<string, number>;

export const noResetUnderKeepalive: Oracle<Seen> = {
  name: "no-reset-under-keepalive",
  must: "A controller is reset exactly when the table says that it is not attached",
  source: "fixtures/openhcl/keepalive_mismatch.json, controllerReset",
  needs: ["nvme"],
  before({ nvme }) {
    const driven = nvme?.controllers().filter(({ namespaces }) => namespaces.length > 0) ?? [];
    return new Map(driven.map(({ pciId, resets }) => [pciId, resets]));
  },
  judge(edge, seen) {
    const state = decoded(edge);
    if (state === undefined || edge.machine === undefined) return;
    const { outcome, controllerReset } = deviceRow(edge, keptIn(state), "nvme");
    for (const { pciId, resets } of edge.machine.nvme?.controllers() ?? []) {
      const before = seen.get(pciId);
      if (before === undefined) continue;
      const reset = resets > before;
      const what = reset ? "was reset" : "was not reset";
      check(reset === controllerReset, `${pciId} ${what}, table says ${outcome}`);
    }
  },
};
