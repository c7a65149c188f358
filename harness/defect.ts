/**
 * Seeded defects: real bugs that an implementation can be given, one at a time, by an axis of its
 * space. They prove that a run would notice them, and for the right reason.
 *
 * @module
 */
import type { Hop } from "./path.ts";

/** Name of the axis whose values are the defects. */
export const DEFECT_AXIS = "defect";

/** Where a defect may show: all release pairs under some values of the axes. */
export interface Field {
  /** Values of settings to cross; any other axis is neutral, or at its first value. */
  readonly values?: Readonly<Record<string, readonly string[]>>;
  /**
   * Inputs of the hops, as far as they matter: the writer's, the reader's, then those of further
   * hops of the reader's release. Two hops of the first configuration when absent.
   */
  readonly hops?: readonly Hop["inputs"][];
  /** All releases when absent. */
  readonly writers?: readonly string[];
  readonly readers?: readonly string[];
}

/** How a defect gives itself away. */
export interface Sign {
  readonly fields: readonly Field[];
  /** What the reason of a verdict says when it points at the cause. */
  readonly cause: RegExp;
  /** Name of the expectation that speaks of the defect, where releases really have it. */
  readonly known?: string;
}

/** A defect, and how it gives itself away. */
export interface Defect extends Sign {
  readonly name: string;
  /** Where the bug is described. */
  readonly link: string;
  readonly meaning: string;
}
