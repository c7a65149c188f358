/**
 * What is known to grow when a machine is saved and restored again and again, with its reason. One
 * that a whole soak does not show any more is a finding.
 *
 * @module
 */

export interface KnownGrowth {
  /** Kebab-case. */
  readonly name: string;
  readonly releases: readonly string[];
  /** Names of what grows; one of them is enough. */
  readonly vitals: readonly string[];
  readonly link: string;
  readonly note: string;
}
