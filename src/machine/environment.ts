/**
 * What every component of a machine is given: the clock, the blackout, the tracer, the log and the
 * points of one hop.
 *
 * @module
 */
import { Blackout } from "./blackout.ts";
import { VirtualClock } from "./clock.ts";
import { Points, type Strike } from "./points.ts";
import { Log, Tracer } from "./trace.ts";

/** Clock, blackout, tracer, log and points of one hop. */
export interface Environment {
  readonly clock: VirtualClock;
  readonly blackout: Blackout;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly points: Points;
}

/** A new log, tracer and points on `clock`; the clock, strikes and blackout go on over hops. */
export function newEnvironment(
  clock: VirtualClock = new VirtualClock(),
  strikes: Strike[] = [],
  blackout: Blackout = new Blackout(clock),
): Environment {
  const points = new Points(strikes);
  return { clock, blackout, tracer: new Tracer(clock), log: new Log(), points };
}
