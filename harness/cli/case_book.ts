/**
 * Cases of an implementation that are tried on several targets, as the command line sees them.
 *
 * @module
 */
/** A book that is loaded when it is asked for. */
export interface CaseBookEntry {
  /** Names of its sweeps. */
  readonly sweeps: readonly string[];
  load(): Promise<CaseBook>;
}

export interface CaseBook {
  /** Ids of cases, in their order. */
  readonly ids: readonly string[];
  readonly targets: readonly string[];
  /** Deviations that a target can be given, and what each means. */
  readonly quirks: Readonly<Record<string, string>>;
  /** Tries the cases one after the other. */
  run(order: CaseOrder): AsyncIterable<CaseLine>;
  /** Ways to strike an implementation everywhere, by name. */
  readonly sweeps: Readonly<Record<string, Sweep>>;
}

/** Many runs that look for what never may be. */
export interface Sweep {
  readonly meaning: string;
  /** Tells how far it is, the last time when all is done. */
  run(order: SweepOrder): Iterable<SweepLine>;
}

export interface SweepOrder {
  readonly quirks: readonly string[];
  readonly seed: number;
  /** Of a sweep that has no end of its own. */
  readonly steps: number;
}

export interface SweepLine {
  /** What was done so far, by name. */
  readonly counts: Readonly<Record<string, number>>;
  /** What is broken, each in one line. */
  readonly findings: readonly string[];
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
