/** What a process is started with; whatever is absent is as usual. */
import type { FaultPlan } from "./fault_plan.ts";
import type { Network } from "./network.ts";
import type { Observer } from "./observer.ts";
import type { Quirk } from "./quirks_table.ts";
import type { Release } from "./release.ts";
import type { VirtualClock } from "./virtual_clock.ts";

export interface XenopsdOptions {
  readonly seed?: number;
  /** Workers of each pool. */
  readonly poolSize?: number;
  readonly quirks?: ReadonlySet<Quirk>;
  readonly faults?: FaultPlan;
  readonly clock?: VirtualClock;
  /** Differs from process to process; derived from the seed and the time if it is absent. */
  readonly instanceId?: string;
  readonly observers?: readonly Observer[];
  /** The newest one if it is absent; parts of it may be. */
  readonly release?: Partial<Release>;
  /** Where others can be reached, and where it is reached itself. */
  readonly network?: Network;
  readonly url?: string;
}
