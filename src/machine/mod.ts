/**
 * Ground of every model: virtual clock, blackout, spans and log, inspect tree, kinds of failure.
 *
 * @module
 */
export { BLACKOUT_PHASES, Blackout, type BlackoutPhase, type PhaseRecord } from "./blackout.ts";
export { type Timer, type TimeSource, VirtualClock } from "./clock.ts";
export { type Environment, newEnvironment } from "./environment.ts";
export {
  ChainError,
  childRestoreError,
  childSaveError,
  invalidSavedState,
  Panic,
  RestoreError,
  refusal,
  SaveError,
  Stuck,
  withContext,
} from "./failure.ts";
export { type Inspect, type InspectNode, inspectAt } from "./inspect.ts";
export { octetsOf, wordOf } from "./pattern.ts";
export { Killed, Points, type Strike } from "./points.ts";
export { Log, type LogLevel, type LogLine, type Span, Tracer } from "./trace.ts";
