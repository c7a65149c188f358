/**
 * MANA state is saved exactly when release, mode and request call for it, and a reader that does
 * not know it ends as the table says.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { type Decoded, decoded } from "./decoded.ts";
import { checkEnded } from "./ended.ts";
import { foretoldRestore } from "./foretold.ts";
import { gateOf } from "./mode.ts";
import { MANA, rowOf } from "./tables.ts";

export const manaDowngrade: Oracle = {
  name: "mana-downgrade",
  must: "MANA state is saved when it should be, and readers without it end as the table says",
  source: "fixtures/openhcl/mana.json and keepalive_mismatch.json",
  needs: ["nic"],
  judge(edge) {
    const state = decoded(edge);
    if (state === undefined || edge.restore === undefined) return;
    checkSaved(edge, state);
    const foretold = foretoldRestore(edge);
    if (foretold.by === "mana") checkEnded("restore", edge.restore, foretold);
  },
};

function checkSaved({ settings, writer }: Edge, { init }: Decoded): void {
  const gate = gateOf(writer, "mana", settings);
  const [enabled, flag] = [gate !== "off", gate === "kept"];
  const { saved } = rowOf(
    MANA.saves,
    `MANA of ${writer.release}`,
    (row) =>
      row.writers.includes(writer.release) &&
      row.enabled.includes(enabled) &&
      (!enabled || row.flag.includes(flag)),
  );
  const is = Boolean(init.mana_state?.length);
  check(is === saved, `mana_state is ${is ? "" : "not "}saved, table says otherwise`);
}
