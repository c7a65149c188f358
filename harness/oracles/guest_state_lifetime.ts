/**
 * Guest state is taken from where the table of lifetimes says, and a release that cannot deal
 * with a lifetime ends as the table says.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { checkEnded } from "./ended.ts";
import { foretoldRestore, foretoldSave } from "./foretold.ts";
import { lifetimeRow } from "./rows_of_edge.ts";
import { LIFETIME, rowOf } from "./tables.ts";

/** Where the writer has its VMGS from. */
type Seen = string | undefined;

export const guestStateLifetime: Oracle<Seen> = {
  name: "guest-state-lifetime",
  must: "VMGS comes from where the table of lifetimes says, or the boot ends as it says",
  source: "fixtures/openhcl/guest_state_lifetime.json",
  needs: ["guestState"],
  before: ({ guestState }) => guestState?.source(),
  judge(edge, seen) {
    const { settings, index, writer, reader, save, restore } = edge;
    const early = foretoldSave(edge);
    if (early.by === "lifetime") return checkEnded("first boot", save, early);
    if (index === 0 && early.by !== "memory") {
      const { lifetime } = settings;
      const { vmgs } = rowOf(
        LIFETIME.boots,
        `lifetime ${lifetime}`,
        (row) => row.lifetime === lifetime && !!row.releases?.includes(writer.release),
      );
      check(seen === vmgs, `first boot takes VMGS from ${seen}, table says ${vmgs}`);
    }
    const state = decoded(edge);
    if (state === undefined) return;
    checkSaved(edge, Boolean(state.init.vmgs));
    if (restore === undefined) return;
    const foretold = foretoldRestore(edge);
    if (foretold.by === "lifetime") return checkEnded("restore", restore, foretold);
    const source = edge.machine?.guestState?.source();
    if (source === undefined) return;
    const { vmgs } = lifetimeRow(edge);
    check(source === vmgs, `${reader.release} takes VMGS from ${source}, table says ${vmgs}`);
  },
};

function checkSaved({ settings, writer }: Edge, saved: boolean): void {
  const { lifetime } = settings;
  const { vmgs } = rowOf(
    LIFETIME.saves,
    `VMGS of ${writer.release}`,
    (row) => row.lifetime === lifetime && row.writers.includes(writer.release),
  );
  check(saved === vmgs, `vmgs is ${saved ? "" : "not "}saved, table says otherwise`);
}
