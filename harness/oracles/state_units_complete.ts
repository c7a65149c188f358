/**
 * Every unit with content is saved once, every saved unit is known after restore, and unknown or
 * duplicate names are refused before anything is restored, as the tables say.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { decoded } from "./decoded.ts";
import { checkEnded } from "./ended.ts";
import { foretoldRestore } from "./foretold.ts";
import { faultOn } from "./rows_of_edge.ts";
import { STATE_UNITS } from "./tables.ts";

/** Names of units that have content on the writer. */
type Seen = readonly string[];

export const stateUnitsComplete: Oracle<Seen> = {
  name: "state-units-complete",
  must: "Units are saved and restored completely, and unknown or duplicate ones are refused",
  source: "fixtures/openhcl/state_units.json",
  needs: ["units"],
  before(machine) {
    const digests = machine.units?.digests() ?? new Map<string, string>();
    return [...digests].filter(([, digest]) => digest !== "").map(([name]) => name);
  },
  judge(edge, seen) {
    const state = decoded(edge);
    if (state === undefined || edge.restore === undefined) return;
    const names = state.units.map(({ name }) => name);
    if (!disturbed(edge)) {
      checkSaved(edge, names, seen);
      checkRestored(edge, names);
    }
    const foretold = foretoldRestore(edge);
    if (foretold.by === "fault") checkEnded("restore", edge.restore, foretold);
  },
};

/** Faults that change the list of saved units on purpose. */
function disturbed(edge: Edge): boolean {
  return faultOn(edge)?.fault.startsWith("unit:") ?? false;
}

function checkSaved({ settings }: Edge, names: readonly string[], seen: Seen): void {
  const saved = new Set(names);
  check(saved.size === names.length, `a unit is saved twice: ${names.join(", ")}`);
  const lost = seen.find((name) => !saved.has(name));
  check(lost === undefined, `unit ${lost} has content and is not saved`);
  for (const { name, devices } of STATE_UNITS.names) {
    const usual = devices.includes(settings.devices ?? "");
    check(!usual || saved.has(name), `unit ${name} is not saved`);
  }
}

function checkRestored({ machine }: Edge, names: readonly string[]): void {
  if (machine?.units === undefined) return;
  const digests = machine.units.digests();
  const lost = names.find((name) => !digests.has(name));
  check(lost === undefined, `unit ${lost} was saved and is gone`);
}
