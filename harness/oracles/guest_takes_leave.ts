/**
 * After each restore the guest gets what it waits for. At the end of the path it can still do what
 * it wants with its bus: end what it was at, pass packets through every channel, and take leave.
 * What a restore has left behind shows then, and what it has lost on the edge that lost it.
 *
 * The bus does not depend on what devices are kept alive, so that a usual guest is only asked
 * where the host keeps none. What is left after a fault is a matter of what is fair.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Machine } from "../facets/machine.ts";
import type { Edge, Leave, Oracle } from "../oracle.ts";

/** What the guest was refused by its bus begins so. */
const ON_BUS = "bus: ";

export const guestTakesLeave: Oracle = {
  name: "guest-takes-leave",
  must: "After a restore the guest gets no less from its bus, and can take leave of it at last",
  source: "openvmm, vmbus_server/src/channels.rs; pulls 1681, 2410, 3491",
  needs: ["vmbus"],
  judge({ condition, machine }) {
    if (machine !== undefined && wants(condition.settings)) checkStep(machine);
  },
  leave: { wants, judge },
};

function wants(settings: Edge["settings"]): boolean {
  const { request, fault = "none", ending = "goes-on", point = "idle" } = settings;
  if (fault !== "none") return false;
  return request === "none" || ending !== "goes-on" || point !== "idle";
}

/** A guest that was saved at a step has gone on from there, and its bus has kept to the rules. */
function checkStep({ recall, guest }: Machine): void {
  const unmet = recall?.refused().find((text) => text.startsWith(ON_BUS));
  check(unmet === undefined, `the guest gets no further: ${unmet?.slice(ON_BUS.length)}`);
  const [complaint] = guest?.complaints() ?? [];
  check(complaint === undefined, `the guest complains: ${complaint}`);
}

function judge({ settings, outcome, unmet }: Leave): void {
  if (!wants(settings)) return;
  check(outcome.kind === "done", `taking leave, the machine ${outcome.kind}: ${outcome.reason}`);
  check(unmet.length === 0, `the guest could not take leave: ${unmet.join("; ")}`);
}
