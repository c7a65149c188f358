/**
 * Which oracles have something to say under a fault. Tables speak of faults that they know; of
 * every other fault only what is fair is known, and an oracle that takes a quiet run for granted
 * must not judge what is disturbed.
 *
 * @module
 */
import type { Oracle } from "../oracle.ts";
import { disturbanceOf, isQuiet } from "./fairness.ts";
import { faultOn } from "./rows_of_edge.ts";

/** `oracle`, for edges that are quiet or whose fault the tables know. */
export function whenQuiet<T>(oracle: Oracle<T>): Oracle<T> {
  return {
    ...oracle,
    judge(edge, carried) {
      if (faultOn(edge) !== undefined || isQuiet(edge)) oracle.judge(edge, carried);
    },
  };
}

/**
 * `oracle`, for edges on which no process was killed: its devices go on until somebody resets them,
 * which is not before the next start.
 */
export function unlessKilled<T>(oracle: Oracle<T>): Oracle<T> {
  return {
    ...oracle,
    judge(edge, carried) {
      if (disturbanceOf(edge)?.kind.startsWith("crash-") !== true) oracle.judge(edge, carried);
    },
  };
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
