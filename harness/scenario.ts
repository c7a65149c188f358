/**
 * Scenarios: claims about save and restore, independent of release and path.
 *
 * @module
 */
import type { FacetName, Machine } from "./facets/machine.ts";
import type { Outcome } from "./oracle.ts";

/**
 * What is done to a freshly booted machine before the first save. Scenarios that name the same
 * preparation (the same object) judge the same run.
 */
export interface Preparation {
  /** Kebab-case; part of the transcript. */
  readonly name: string;
  readonly needs: readonly FacetName[];
  apply(machine: Machine): void | Promise<void>;
}

/** One claim. `N` are the facets it needs, `T` what it carries from `before` to `after`. */
export interface Scenario<N extends FacetName = FacetName, T = unknown> {
  /** Kebab-case; `/` groups. */
  readonly name: string;
  /** The requirement, as one sentence a reader can disagree with. */
  readonly must: string;
  /** Where the requirement comes from. */
  readonly source: string;
  /** Facets without which the verdict is `unsupported`. */
  readonly needs: readonly N[];
  /** Dotted capabilities without which the verdict is `unsupported`. */
  readonly needsCapabilities?: readonly string[];
  /**
   * Settings that a condition must have, such as `{ fault: "save-fail" }`: of an axis per save, at
   * every save. A scenario only meets values of a reserved axis that it asks for here.
   */
  readonly when?: Readonly<Record<string, string>>;
  readonly preparation?: Preparation;
  /** Looks at the machine before the first save; must not change it. */
  before?(machine: Machine<N>): T | Promise<T>;
  /**
   * Runs after each restore; throws through `check` when the claim does not hold. Others may carry
   * the same value, so it is never changed; one that is answered is carried from here on.
   */
  after(machine: Machine<N>, carried: T): T | void | Promise<T> | Promise<void>;
  /**
   * Runs when a save failed, in place of `after`. A scenario without it gets the failed save as
   * its verdict (`refused`).
   */
  afterFailedSave?(machine: Machine<N>, carried: T, message: string): void | Promise<void>;
  /** Runs when a restore failed; without it the outcome is the verdict. */
  afterFailedRestore?(outcome: Outcome, carried: T): void | Promise<void>;
}

/** Scenarios that share a subject; one per file in `suites/`. */
export interface Suite {
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}

/** Declares a scenario and infers what it carries. */
export function scenario<const N extends FacetName, T>(declaration: Scenario<N, T>): Scenario {
  return declaration as unknown as Scenario;
}

/** Declares a suite and rejects duplicate names at load. */
export function suite(name: string, scenarios: readonly Scenario[]): Suite {
  const names = scenarios.map((scenario) => scenario.name);
  if (new Set(names).size !== names.length) {
    throw new TypeError(`Cannot declare suite "${name}" as scenario names must be unique`);
  }
  return { name, scenarios };
}
