/**
 * Axes and constraints of a matrix: typed values, so that a run can say what it crossed and why
 * a combination is missing.
 *
 * @module
 */

/** One dimension. Values are text, so that selection, reports and the command line agree. */
export interface Axis {
  readonly name: string;
  /**
   * `hop`: each hop has its own value, with which it is booted. `save`: what the host asks for at
   * one save. `path`: a property of the machine or of the run.
   */
  readonly per: "hop" | "save" | "path";
  readonly values: readonly string[];
  /**
   * The usual value. Names of conditions leave it out, and the core grid has no other; an axis
   * without one is crossed there.
   */
  readonly neutral?: string;
  /**
   * The values that are not neutral are kept for scenarios that speak of the axis in `when`.
   * Faults are, as a claim about a quiet run says nothing about a disturbed one.
   */
  readonly reserved?: true;
  /**
   * Only the first save, and the restore after it, have the value; it is neutral on later edges.
   * A scenario that asks for another value than the neutral one only judges the first edge.
   */
  readonly onlyFirst?: true;
  /** Nothing varies it unasked, neither a part of a plan nor the count of what a run covered. */
  readonly onDemand?: true;
  /**
   * Names of the parts of a value, which `:` separates: `place:kind:time`. Each is a factor of
   * its own, `fault.place`, and a neutral value is all of its parts.
   */
  readonly parts?: readonly string[];
  /** Edition from which on covering rows know of parts; before, a value is one thing to them. */
  readonly partsEdition?: number;
  /**
   * Edition of the space that it came with; 1 when absent. Covering rows of an edition only know
   * what there was then, so that names and histories survive what is appended.
   */
  readonly edition?: number;
  /** Editions of values that came later than the axis. */
  readonly editions?: Readonly<Record<string, number>>;
  /** Values that it once had. */
  readonly retired?: readonly Retired[];
  /** What the axis stands for, one line. */
  readonly meaning: string;
}

/**
 * A value that came with its axis and has left. Covering rows of editions that knew it are made
 * with it, so that the others stay; those that have it are left out. Nobody else knows it.
 */
export interface Retired {
  readonly value: string;
  /** The value that it came after. */
  readonly after: string;
  /** The first edition without it. */
  readonly edition: number;
  /** By axis: values that it could not be combined with. */
  readonly never?: Readonly<Record<string, readonly string[]>>;
}

/** A rule about one edge that prunes combinations which cannot happen. */
export interface Constraint {
  readonly name: string;
  /** Why a pruned combination cannot happen, with its source. */
  readonly reason: string;
  /** The factors that it looks at, as `factorsOf` names them; not `first`. */
  readonly over: readonly string[];
  /** False when no edge has these values of the factors in `over`. */
  allows(factors: Readonly<Record<string, string>>): boolean;
}

/**
 * A constraint that has been given up. Covering rows of editions that had it are made with it, so
 * that they stay; what it kept apart comes in its edition.
 */
export interface PastConstraint extends Constraint {
  /** The first edition without it. */
  readonly edition: number;
}

/** Declares a constraint whose `allows` only gets to see what is in `over`. */
export function constraint<const F extends string>(declaration: {
  readonly name: string;
  readonly reason: string;
  readonly over: readonly F[];
  readonly allows: (factors: Readonly<Record<F, string>>) => boolean;
}): Constraint {
  return declaration;
}

/** Values of a hop, by axis. */
export type Inputs = Readonly<Record<string, string>>;

/** A small part of a plan: all paths of releases, under some values of the axes. */
export interface Slice {
  readonly name: string;
  /** It only runs when it is asked for: it takes minutes, and `faults` has a part of it. */
  readonly onDemand?: true;
  /** Values to cross; any other axis stays at its neutral or first value. */
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Hops of its paths, 2 when absent. Paths of three are at one configuration. */
  readonly hops?: 3;
  /** Configurations of writer and reader; the first ones that can be when absent. */
  readonly between?: readonly (readonly [writer: Inputs, reader: Inputs])[];
}

/** Releases, axes and constraints of one implementation. */
export interface Space {
  readonly implementation: string;
  readonly releases: readonly string[];
  /** Editions of releases that came later than the first; see `Axis.edition`. */
  readonly releaseEditions?: Readonly<Record<string, number>>;
  /**
   * Releases among which paths of three hops run, each group by itself; all are one group when
   * absent. Between groups a path ends at its first edge, which the pairs have shown already.
   */
  readonly families?: readonly (readonly string[])[];
  /** Values that belong together on a hop, such as the three configured inputs of OpenHCL. */
  readonly configurations: readonly Inputs[];
  /** Editions of configurations, in their order, where their values do not tell. */
  readonly configurationEditions?: readonly number[];
  readonly axes: readonly Axis[];
  readonly constraints: readonly Constraint[];
  /** Constraints that it once had. */
  readonly pastConstraints?: readonly PastConstraint[];
  /** Parts of a plan that only this implementation has, at its first configuration. */
  readonly slices?: readonly Slice[];
}
