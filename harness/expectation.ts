/**
 * Expectations: what is known to fail, written by factors. A listed cell that passes fails the
 * run, and so does an entry that matches nothing, or that has expired and still matches.
 *
 * @module
 */
import type { VerdictKind } from "./verdict.ts";

export interface Expectation {
  /** Kebab-case; names the entry in reports. */
  readonly name: string;
  /**
   * Values that the factors of the failing edge have; see `factorsOf`. A list means any of them.
   * Every scenario of a matching edge is expected to fail, unless `scenarios` narrows it. Without
   * `scenarios` an entry speaks of those that leave a failed hop to the runner: scenarios with
   * `afterFailedSave` or `afterFailedRestore` and oracles judge such a hop themselves, so an entry
   * must name them. The first edge in path order that matches is the one that is expected to fail.
   */
  readonly factors: Readonly<Record<string, string | readonly string[]>>;
  /** Patterns over `suite/scenario` with `*`; all when absent. */
  readonly scenarios?: readonly string[];
  readonly verdict: VerdictKind;
  /** Text that the reason must contain. */
  readonly reason: string;
  /** Where the break is described; empty when nobody has. */
  readonly link: string;
  /** What breaks and why, in a sentence. */
  readonly note: string;
  /** Who looks after it. */
  readonly owner?: string;
  /**
   * The last day on which it holds, `2026-12-31`, or the first release that must be without it: it
   * has expired when a cell that it foresaw has that release or a newer one on its edge.
   */
  readonly expires?: string;
  /** Set where a pass is no surprise: what a captured state holds is not known beforehand. */
  readonly mayPass?: true;
}

/** As people write it: what they do not know is empty. */
export type WrittenExpectation = Omit<Expectation, "reason" | "link" | "note"> &
  Partial<Pick<Expectation, "reason" | "link" | "note">>;
