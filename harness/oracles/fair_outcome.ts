/**
 * Under a fault, a save and a restore end in one of the ways that are fair, or in that which the
 * tables foretell of the machine without the fault.
 *
 * Method: as in tests with a nemesis, a fault excuses some outcomes and never a silent loss.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Fault } from "../faults/mod.ts";
import type { Edge, Oracle, Outcome } from "../oracle.ts";
import { disturbanceOf } from "./fairness.ts";
import { type Foretold, quietRestore, quietSave } from "./foretold.ts";

export const fairOutcome: Oracle = {
  name: "fair-outcome",
  must: "Under a fault, a save and a restore end in a way that is fair",
  source: "harness/faults; openvmm Guide, reference/architecture/openhcl_servicing.md",
  needs: [],
  judge(edge) {
    const fault = disturbanceOf(edge);
    if (fault === undefined) return;
    const { save, restore } = fault.fair;
    checkFair("save", edge, fault, save, quietSave(edge));
    if (edge.restore === undefined) return;
    checkFair("restore", edge, fault, restore, quietRestore(edge));
  },
};

function checkFair(
  step: "save" | "restore",
  edge: Edge,
  fault: Fault,
  fair: readonly Outcome["kind"][],
  quiet: Foretold,
): void {
  const { kind, reason = "", killed } = edge[step] as Outcome;
  const struck = edge.struck !== false;
  // That a process dies is fair where the fault has killed it.
  const crashes = kind === "crashed" && fault.kind.startsWith("crash-") && killed !== true;
  if (struck && fair.includes(kind) && !crashes) return;
  const without = kind === quiet.kind && reason.includes(quiet.text ?? "");
  if (without && (kind !== "done" || !struck)) return;
  const may = struck ? fair.join(" or ") : quiet.kind;
  check(false, `${step} ${kind}${reason && ` (${reason})`}, fair is ${may}`);
}
