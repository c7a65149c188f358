/**
 * At the end of the path the guest can still do what it wants with its bus: end what it was at,
 * pass packets through every channel, and take leave. What a restore has left behind shows then.
 *
 * The bus does not depend on what devices are kept alive, so that a usual guest is only asked
 * where the host keeps none. What is left after a fault is a matter of what is fair.
 *
 * @module
 */
import { check } from "../check.ts";
import type { Edge, Leave, Oracle } from "../oracle.ts";

export const guestTakesLeave: Oracle = {
  name: "guest-takes-leave",
  must: "After the last restore the guest can use all of its bus, and take leave of it",
  source: "openvmm, vmbus_server/src/channels.rs; pulls 1681, 2410, 3491",
  needs: ["vmbus"],
  judge() {},
  leave: { wants, judge },
};

function wants(settings: Edge["settings"]): boolean {
  const { request, fault = "none", ending = "goes-on", point = "idle" } = settings;
  if (fault !== "none") return false;
  return request === "none" || ending !== "goes-on" || point !== "idle";
}

function judge({ outcome, unmet }: Leave): void {
  check(outcome.kind === "done", `taking leave, the machine ${outcome.kind}: ${outcome.reason}`);
  check(unmet.length === 0, `the guest could not take leave: ${unmet.join("; ")}`);
}
