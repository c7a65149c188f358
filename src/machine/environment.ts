/**
 * What every component of a machine is given: the clock, the tracer, the log and the points of one
 * hop.
 *
 * @module
 */
import { VirtualClock } from "./clock.ts";
import { Points, type Strike } from "./points.ts";
import { Log, Tracer } from "./trace.ts";

/** Clock, tracer, log and points of one hop. */
export interface Environment {
  readonly clock: VirtualClock;
  readonly tracer: Tracer;
  readonly log: Log;
  readonly points: Points;
}

/** A new log, tracer and points on `clock`; the clock and the strikes go on over hops. */
export function newEnvironment(
  clock: VirtualClock = new VirtualClock(),
  strikes: Strike[] = [],
): Environment {
  return { clock, tracer: new Tracer(clock), log: new Log(), points: new Points(strikes) };
}
