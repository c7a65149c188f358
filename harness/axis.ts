/**
 * Axes and constraints of a matrix: typed values, so that a run can say what it crossed and why
 * a combination is missing.
 *
 * @module
 */
import type { Condition } from "./condition.ts";

/** One dimension. Values are text, so that selection, reports and the command line agree. */
export interface Axis {
  readonly name: string;
  /** `hop`: each hop has its own value. `path`: a property of the machine or of the run. */
  readonly per: "hop" | "path";
  readonly values: readonly string[];
  /**
   * Value that a scenario means when it does not speak of the axis in `when`; absent when every
   * value is as good. Faults have one, so that a fault only meets the scenarios written for it.
   */
  readonly neutral?: string;
  /** Reports show a grid for each value, as one value would hide what the other does. */
  readonly apart?: true;
  /** What the axis stands for, one line. */
  readonly meaning: string;
}

/** A rule that prunes combinations which cannot happen. */
export interface Constraint {
  readonly name: string;
  /** Why a pruned combination cannot happen, with its source. */
  readonly reason: string;
  allows(condition: Condition): boolean;
}

/** Releases, axes and constraints of one implementation. */
export interface Space {
  readonly implementation: string;
  readonly releases: readonly string[];
  /** Values that belong together on a hop, such as the three configured inputs of OpenHCL. */
  readonly configurations: readonly Readonly<Record<string, string>>[];
  readonly axes: readonly Axis[];
  readonly constraints: readonly Constraint[];
}
