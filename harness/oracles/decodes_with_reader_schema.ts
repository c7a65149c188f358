/**
 * Saved bytes decode with the reader's schema exactly when the tables say so, and a restore that
 * gets as far as decoding ends accordingly.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { checkEnded } from "./ended.ts";
import { foretoldRestore } from "./foretold.ts";
import { lifetimeRow } from "./rows_of_edge.ts";

export const decodesWithReaderSchema: Oracle = {
  name: "decodes-with-reader-schema",
  must: "Saved state decodes with the reader's schema exactly when the tables say so",
  source: "fixtures/openhcl/guest_state_lifetime.json and evolution.json, effect refused",
  needs: [],
  judge(edge) {
    const state = decoded(edge);
    if (state === undefined || edge.restore === undefined) return;
    const { outcome, text } = lifetimeRow(edge);
    if (outcome !== "refused") {
      const words = state.refusal;
      check(words === undefined, `${edge.reader.release} cannot decode the state: ${words}`);
      return;
    }
    check(
      state.refusal === text,
      `${edge.reader.release} decodes with "${state.refusal ?? "success"}", table says "${text}"`,
    );
    const foretold = foretoldRestore(edge);
    if (foretold.by === "lifetime") checkEnded("restore", edge.restore, foretold);
  },
};
