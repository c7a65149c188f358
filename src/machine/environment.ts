/**
 * What every component of a machine is given: the clock, the tracer and the log of one hop.
 *
 * @module
 */
import { VirtualClock } from "./clock.ts";
import { Log, Tracer } from "./trace.ts";

/** Clock, tracer and log of one hop. */
export interface Environment {
  readonly clock: VirtualClock;
  readonly tracer: Tracer;
  readonly log: Log;
}

/** A new log and tracer on `clock`; the clock itself goes on over hops. */
export function newEnvironment(clock: VirtualClock = new VirtualClock()): Environment {
  return { clock, tracer: new Tracer(clock), log: new Log() };
}
