/**
 * A save ends as the table of faults says, with the text that the host is told.
 *
 * @module
 */
import type { Oracle } from "../oracle.ts";
import { checkEnded } from "./ended.ts";
import { foretoldSave } from "./foretold.ts";

export const servicingErrors: Oracle = {
  name: "servicing-errors",
  must: "A save succeeds, fails, hangs or crashes as the table of faults says",
  source: "fixtures/openhcl/servicing_errors.json",
  needs: [],
  judge(edge) {
    const foretold = foretoldSave(edge);
    // A machine that never booted is the business of the table of lifetimes.
    if (foretold.by !== "lifetime") checkEnded("save", edge.save, foretold);
  },
};
