/** What shall go wrong, and where. Each strikes once, except for hooks. */
import type { XenopsError } from "../xenops_interface/mod.ts";
import type { StepPoint } from "./step_point.ts";

/** The index of a step point, or what it looks like. */
export type Place = number | ((point: StepPoint) => boolean);

export interface Failure {
  readonly at: Place;
  readonly error: XenopsError;
}

export interface FaultPlan {
  /** The process ends there: the effect that follows is not made. */
  readonly crashAt?: Place;
  /** The leaf fails there. */
  readonly failAt?: Failure | readonly Failure[];
  /** The task of the operation is cancelled there, a child's parent in parallel atoms. */
  readonly cancelAt?: Place;
  /** The leaf waits there, for its limit of time, or, if stuck, until it is cancelled. */
  readonly hang?: { readonly at: Place; readonly stuck?: boolean };
  /** Exit codes of hook scripts by the name of the hook; 0 for all others. */
  readonly hookRc?: Readonly<Record<string, number>>;
}
