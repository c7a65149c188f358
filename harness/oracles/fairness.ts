/**
 * Which oracles have something to say under a fault. Tables speak of faults that they know; of
 * every other fault only what is fair is known, and an oracle that takes a quiet run for granted
 * must not judge what is disturbed.
 *
 * @module
 */
import { type Fault, faultNamed, type GuestNotices } from "../faults/mod.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { quietRestore } from "./foretold.ts";
import { faultOn } from "./rows_of_edge.ts";

/** The fault on `edge`, struck or not: on later edges than the first one, if it lasts. */
export function disturbanceOf({ condition, index }: Edge): Fault | undefined {
  const fault = faultNamed(condition.settings.fault ?? "none");
  return index === 0 || fault?.lasting === true ? fault : undefined;
}

/** True when `edge` has to be as without its fault: there is none, or nothing may come of it. */
export function isQuiet(edge: Edge): boolean {
  const fault = disturbanceOf(edge);
  if (fault === undefined || edge.struck === false || isHarmless(fault)) return true;
  return edge.index > 0 && endsAsForetold(edge);
}

/** `oracle`, for edges between which nobody has changed the machine. */
export function whenSame<T>(oracle: Oracle<T>): Oracle<T> {
  return {
    ...oracle,
    judge(edge, carried) {
      if (disturbanceOf(edge)?.alters !== true) oracle.judge(edge, carried);
    },
  };
}

/**
 * What the guest may notice on `edge`. What it has missed once it may go on missing, so that every
 * later edge has the same excuse.
 */
export function noticesOn({ condition, struck }: Edge): GuestNotices {
  const fault = faultNamed(condition.settings.fault ?? "none");
  return fault === undefined || struck === false ? "nothing" : fault.fair.guest;
}

/** `oracle`, for edges that are quiet or whose fault the tables know. */
export function whenQuiet<T>(oracle: Oracle<T>): Oracle<T> {
  // Who looks at the way round has restored the state of the first save once more.
  const looksBack = oracle.wants?.includes("detour") === true;
  return {
    ...oracle,
    judge(edge, carried) {
      if (looksBack && !isHarmless(faultNamed(edge.condition.settings.fault ?? "none"))) return;
      if (faultOn(edge) !== undefined || isQuiet(edge)) oracle.judge(edge, carried);
    },
  };
}

/** No fault, or one of which nothing may come. */
function isHarmless(fault: Fault | undefined): boolean {
  if (fault === undefined) return true;
  const { save, restore, guest } = fault.fair;
  return guest === "nothing" && [...save, ...restore].every((kind) => kind === "done");
}

/** What lasts was of no matter to this restore. */
function endsAsForetold(edge: Edge): boolean {
  const { kind, text = "" } = quietRestore(edge);
  const { restore } = edge;
  return restore === undefined || (restore.kind === kind && (restore.reason ?? "").includes(text));
}
