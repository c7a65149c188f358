/** A growth that is known, with its reason. */
export interface KnownGrowth {
  /** Kebab-case. */
  readonly name: string;
  readonly releases: readonly string[];
  /** Names of what grows; one of them is enough. */
  readonly vitals: readonly string[];
  readonly link: string;
  readonly note: string;
}
