/**
 * Cases of an implementation that are tried on several targets, as the command line sees them.
 *
 * @module
 */
export interface CaseBook {
  /** Ids of cases, in their order. */
  readonly ids: readonly string[];
  readonly targets: readonly string[];
  /** Deviations that a target can be given, and what each means. */
  readonly quirks: Readonly<Record<string, string>>;
  /** Tries the cases one after the other. */
  run(order: CaseOrder): AsyncIterable<CaseLine>;
}

export interface CaseOrder {
  readonly target: string;
  readonly ids: readonly string[];
  readonly quirks: readonly string[];
  readonly seed: number;
}

export interface CaseLine {
  readonly id: string;
  readonly must: string;
  /** As a case ends: passed, failed, known, unlisted, skipped, error. */
  readonly verdict: string;
  readonly reason: string;
}
