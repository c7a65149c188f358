/**
 * State that was kept alive meets a reader that may not expect it: the outcome is the table's.
 * The same oracle says that nothing else keeps a restore from succeeding.
 *
 * @module
 */
import { check } from "../check.ts";
import type { ControllerRecord } from "../facets/nvme.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { type Decoded, decoded } from "./decoded.ts";
import { checkEnded } from "./ended.ts";
import { foretoldRestore } from "./foretold.ts";
import { keptIn } from "./kept.ts";
import { deviceRow } from "./rows_of_edge.ts";

/** Tables that other oracles answer for. */
const OTHERS: readonly string[] = ["fault", "lifetime", "layout"];

/** Controllers that had a disk, and with it a driver. */
type Seen = ReadonlySet<string>;

export const keepaliveMismatch: Oracle<Seen> = {
  name: "keepalive-mismatch",
  must: "Kept devices are attached, cleared, started afresh or refused as the table says",
  source: "fixtures/openhcl/keepalive_mismatch.json",
  needs: [],
  before: ({ nvme }) =>
    new Set(
      nvme
        ?.controllers()
        .filter(hasDisks)
        .map(({ pciId }) => pciId),
    ),
  judge(edge, seen) {
    const state = decoded(edge);
    if (state === undefined || edge.restore === undefined) return;
    const foretold = foretoldRestore(edge);
    if (OTHERS.includes(foretold.by)) return;
    checkEnded("restore", edge.restore, foretold);
    if (edge.machine !== undefined) checkDevices(edge, state, seen);
  },
};

function hasDisks({ namespaces }: ControllerRecord): boolean {
  return namespaces.length > 0;
}

function checkDevices(edge: Edge, state: Decoded, seen: Seen): void {
  const kept = keptIn(state);
  const nvme = deviceRow(edge, kept, "nvme");
  const controllers = edge.machine?.nvme?.controllers() ?? [];
  for (const { pciId, restored } of controllers.filter((it) => seen.has(it.pciId))) {
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
