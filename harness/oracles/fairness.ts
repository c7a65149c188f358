/**
 * What is fair on an edge: whether it is disturbed at all, and what its guest may notice.
 *
 * @module
 */
import { type Fault, faultNamed, type GuestNotices } from "../faults/mod.ts";
import type { Edge, Leave } from "../oracle.ts";

/** The fault on `edge`, struck or not; only the first one is disturbed. */
export function disturbanceOf({ settings, index }: Edge): Fault | undefined {
  return index > 0 ? undefined : faultNamed(settings.fault ?? "none");
}

/**
 * True when `edge` has to be as without its fault: there is none, nothing may come of it, or the
 * machine has come up whole although its process was killed on the way.
 */
export function isQuiet(edge: Edge): boolean {
  const fault = disturbanceOf(edge);
  if (fault === undefined || edge.struck === false) return true;
  const { save, restore, guest } = fault.fair;
  if (guest !== "nothing") return false;
  const killed = fault.time === "restore" && fault.kind.startsWith("crash-");
  if (killed) return edge.restore?.kind === "done";
  return [...save, ...restore].every((kind) => kind === "done");
}

/** What the guest may notice on `edge`. */
export function noticesOn(edge: Edge): GuestNotices {
  const fault = disturbanceOf(edge);
  return fault === undefined || edge.struck === false ? "nothing" : fault.fair.guest;
}

/** What the guest may have noticed by the end of a path. */
export function noticesBy({ settings, struck }: Leave): GuestNotices {
  const fault = faultNamed(settings.fault ?? "none");
  return fault === undefined || struck === false ? "nothing" : fault.fair.guest;
}
