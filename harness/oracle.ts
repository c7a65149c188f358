/**
 * Oracles: invariants checked on every edge of every condition, whatever the scenario. Unlike a
 * scenario an oracle sees the path, the saved bytes and failed hops, so it can compare with
 * tables that differ by release. In reports an oracle is a scenario of the suite `oracle`.
 *
 * @module
 */
import type { SavedState } from "./adapter.ts";
import type { Condition } from "./condition.ts";
import type { FacetName, Machine } from "./facets/machine.ts";
import type { Hop } from "./path.ts";
import type { Sight } from "./sight.ts";

/** How a save or a restore ended. */
export interface Outcome {
  readonly kind: "done" | "refused" | "crashed" | "hung";
  /** One line; absent when done. */
  readonly reason?: string;
  /** Set when the fault of the settings has ended the process. */
  readonly killed?: true;
}

/** One save and restore, with everything that both sides showed. */
export interface Edge {
  readonly condition: Condition;
  /** 0 for the first save and restore. */
  readonly index: number;
  /** The settings as they are at this save. */
  readonly settings: Condition["settings"];
  readonly writer: Hop;
  readonly reader: Hop;
  readonly correlationId: string;
  /** When the first machine does not even boot, this is how its boot ended. */
  readonly save: Outcome;
  /** Absent when the save failed. */
  readonly saved?: SavedState;
  /** Absent when the save failed. */
  readonly restore?: Outcome;
  /** The restored machine; absent when restore failed. */
  readonly machine?: Machine;
  /** Whether the fault of the settings has struck so far; absent where nobody can tell. */
  readonly struck?: boolean;
  /**
   * What the machine showed when it was restored, before its guest went on; where it is wanted.
   * Without `again` only its devices.
   */
  readonly found?: Sight;
  /** The same state restored again, elsewhere; absent where no rig can be copied. */
  readonly again?: Again;
  /** How the writer came up from the same state on the same hardware, after a failed restore. */
  readonly fallback?: Outcome;
  /** The reader of the second edge from the first state, and by way of the hop in between. */
  readonly detour?: { readonly direct: Again; readonly round: Again };
}

/** A second restore, and a save right after it, without the guest having gone on. */
export interface Again {
  readonly restore: Outcome;
  /** Absent when it did not come up. */
  readonly sight?: Sight;
  /** Absent when it was not asked to save. */
  readonly save?: Outcome;
  readonly resaved?: SavedState;
}

/** How the guest took leave of its machine at the end of the path. */
export interface Leave {
  /** The last edge. */
  readonly index: number;
  /** The settings of the condition. */
  readonly settings: Condition["settings"];
  /** The last machine, once its guest has taken leave or failed to. */
  readonly machine: Machine;
  /** How the machine bore it. */
  readonly outcome: Outcome;
  /** What the guest could not do, in words. */
  readonly unmet: readonly string[];
  /** Whether the fault of the settings has struck on the way; absent when nobody can tell. */
  readonly struck?: boolean;
}

/** What costs more than a look, and is only done when some oracle wants it. */
export type Wanted = "found" | "again" | "fallback" | "detour";

export interface Oracle<T = unknown> {
  readonly name: string;
  readonly must: string;
  readonly source: string;
  /** Facets without which it has nothing to say. */
  readonly needs: readonly FacetName[];
  readonly wants?: readonly Wanted[];
  /** Looks at the writer just before the save; must not change it. */
  before?(machine: Machine, hop: Hop, settings: Edge["settings"]): T;
  /** Throws through `check` when the invariant does not hold on `edge`. */
  judge(edge: Edge, carried: T): void;
  /** Judges the end of the path too, if the machine came so far. */
  readonly leave?: {
    /** Under which settings of a condition the guest takes leave, which costs time. */
    wants(settings: Condition["settings"]): boolean;
    judge(leave: Leave): void;
  };
}
