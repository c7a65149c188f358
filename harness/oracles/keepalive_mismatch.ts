/**
 * State that was kept alive meets a reader that may not expect it: the outcome is the table's.
 * The same oracle says that nothing else keeps a restore from succeeding.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { type Decoded, decoded } from "./decoded.ts";
import { checkEnded } from "./ended.ts";
import { foretoldRestore } from "./foretold.ts";
import { keptIn } from "./kept.ts";
import { deviceRow } from "./rows_of_edge.ts";

/** Tables that other oracles answer for. */
const OTHERS: readonly string[] = ["fault", "lifetime", "layout"];

export const keepaliveMismatch: Oracle = {
  name: "keepalive-mismatch",
  must: "Kept devices are attached, cleared, started afresh or refused as the table says",
  source: "fixtures/openhcl/keepalive_mismatch.json",
  needs: [],
  judge(edge) {
    const state = decoded(edge);
    if (state === undefined || edge.restore === undefined) return;
    const foretold = foretoldRestore(edge);
    if (OTHERS.includes(foretold.by)) return;
    checkEnded("restore", edge.restore, foretold);
    if (edge.machine !== undefined) checkDevices(edge, state);
  },
};

function checkDevices(edge: Edge, state: Decoded): void {
  const kept = keptIn(state);
  const nvme = deviceRow(edge, kept, "nvme");
  for (const { pciId, restored } of edge.machine?.nvme?.controllers() ?? []) {
    check(
      restored === nvme.restored,
      `${pciId} was ${restored ? "" : "not "}taken over, table says ${nvme.outcome}`,
    );
  }
  const mana = deviceRow(edge, kept, "mana");
  for (const { pciId, restored } of edge.machine?.nic?.adapters() ?? []) {
    check(
      restored === mana.restored,
      `${pciId} was ${restored ? "" : "not "}taken over, table says ${mana.outcome}`,
    );
  }
}
