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

/** How a save or a restore ended. */
export interface Outcome {
  readonly kind: "done" | "refused" | "crashed" | "hung";
  /** One line; absent when done. */
  readonly reason?: string;
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
}

export interface Oracle<T = unknown> {
  readonly name: string;
  readonly must: string;
  readonly source: string;
  /** Facets without which it has nothing to say. */
  readonly needs: readonly FacetName[];
  /** Looks at the writer just before the save; must not change it. */
  before?(machine: Machine, hop: Hop, settings: Edge["settings"]): T;
  /** Throws through `check` when the invariant does not hold on `edge`. */
  judge(edge: Edge, carried: T): void;
}
