/**
 * What one cell showed.
 *
 * @module
 */

/**
 * - `passed`: the claim held on every hop.
 * - `failed`: the claim did not hold.
 * - `refused`: a hop declined cleanly to save or to restore.
 * - `crashed`: a hop's process died (a panic aborts it).
 * - `hung`: a hop did not come back within its deadline.
 * - `unsupported`: a hop lacks a facet or capability that the scenario needs; not run.
 * - `error`: the question could not be asked.
 */
export type VerdictKind =
  | "passed"
  | "failed"
  | "refused"
  | "crashed"
  | "hung"
  | "unsupported"
  | "error";

export interface Verdict {
  readonly kind: VerdictKind;
  /** One line; absent only when `passed`. */
  readonly reason?: string;
  /** Index of the edge (0 is the first save and restore) that decided; absent when `passed`. */
  readonly edge?: number;
}

/** One character per verdict, for grids. */
export const SYMBOL: Readonly<Record<VerdictKind, string>> = {
  passed: "✓",
  failed: "✗",
  refused: "⊘",
  crashed: "☓",
  hung: "…",
  unsupported: "·",
  error: "!",
};
