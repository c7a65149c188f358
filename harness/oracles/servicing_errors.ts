/**
 * A save ends as the table of faults says, with the text that the host is told, and after a save
 * that failed the guest runs on where the table says so.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Lifecycle } from "../facets/lifecycle.ts";
import type { Oracle } from "../oracle.ts";
import { checkEnded } from "./ended.ts";
import { foretoldSave } from "./foretold.ts";
import { faultOn } from "./rows_of_edge.ts";

/** The writer, to be asked again when its save has failed. */
type Seen = Lifecycle | undefined;

export const servicingErrors: Oracle<Seen> = {
  name: "servicing-errors",
  must: "A save succeeds, fails, hangs or crashes as the table of faults says",
  source: "fixtures/openhcl/servicing_errors.json",
  needs: [],
  before: ({ lifecycle }) => lifecycle,
  judge(edge, seen) {
    const foretold = foretoldSave(edge);
    // A machine that never booted is the business of the table of lifetimes.
    if (foretold.by === "lifetime") return;
    checkEnded("save", edge.save, foretold);
    if (edge.save.kind !== "refused" || seen === undefined) return;
    const runs = seen.running();
    const { machineRuns } = faultOn(edge) ?? {};
    check(runs === machineRuns, `the guest ${runs ? "runs" : "stands"}, table says otherwise`);
  },
};
