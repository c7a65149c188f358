/**
 * Who fails leaves everything as it was. After a save that failed, the guest finds what it had.
 * After a restore that failed, its writer comes up from the same state on the same hardware,
 * unless the tables say that the writer could not read that state in the first place.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Machine } from "../facets/machine.ts";
import type { Edge, Oracle, Outcome } from "../oracle.ts";
import { differenceOf, guestSightOf, type Sight } from "../sight.ts";
import { foretoldRestore } from "./foretold.ts";

/** The writer, to be looked at again when its save has failed, and what its guest had before. */
type Seen = { readonly machine: Machine; readonly sight: Sight } | undefined;

export const allOrNothing: Oracle<Seen> = {
  name: "all-or-nothing",
  must: "After a failure the old side goes on: a save changes nothing, nor does a restore",
  source: "openhcl/underhill_core/src/dispatch/mod.rs, handle_servicing_request",
  needs: [],
  wants: ["fallback"],
  before(machine, _hop, { fault = "none", point = "idle" }) {
    // What is under way at a point goes on as soon as the machine runs again.
    const quiet = fault !== "none" && point === "idle";
    return quiet ? { machine, sight: guestSightOf(machine) } : undefined;
  },
  judge(edge, seen) {
    if (edge.save.kind === "refused" && seen !== undefined) checkGuest(seen);
    if (edge.fallback !== undefined) checkFallback(edge, edge.fallback);
  },
};

function checkGuest({ machine, sight }: NonNullable<Seen>): void {
  const difference = differenceOf(sight, guestSightOf(machine));
  check(difference === undefined, `after the failed save, ${difference}`);
}

function checkFallback(edge: Edge, { kind, reason = "" }: Outcome): void {
  const { release } = edge.writer;
  if (!readsItself(edge)) return;
  check(kind === "done", `${release} does not come up any more, ${kind}: ${reason}`);
}

/** Whether the writer could restore the state at all, by the tables. */
function readsItself(edge: Edge): boolean {
  // What a fault has done to the hardware outlasts it.
  if (edge.index > 0 && edge.condition.settings.fault !== "none") return false;
  const itself = { ...edge, reader: edge.writer };
  const { kind } = foretoldRestore(itself);
  if (kind !== "hung") return kind === "done";
  // A test hook holds up the first restore that comes to it, and the host has ended that one.
  if (edge.restore?.kind !== "hung") return false;
  return foretoldRestore({ ...itself, index: edge.index + 1 }).kind === "done";
}
