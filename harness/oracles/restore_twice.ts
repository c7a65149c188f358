/**
 * A state is a value: whoever restores it on the same hardware gets the same machine. A restore
 * that leaves something to chance, or takes something out of what it shares, shows here.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import { differenceOf } from "../sight.ts";

export const restoreTwice: Oracle = {
  name: "restore-twice",
  must: "A state that is restored again, on a copy of the hardware, gives the same machine",
  source: "openvmm Guide, reference/architecture/openhcl_servicing.md",
  needs: [],
  wants: ["again"],
  judge({ found, again }) {
    if (found === undefined || again === undefined) return;
    const { restore, sight } = again;
    check(restore.kind === "done", `the second restore ${restore.kind}: ${restore.reason}`);
    const difference = differenceOf(found, sight);
    check(difference === undefined, difference ?? "");
  },
};
