/**
 * What a probe has found so far: differences between a model and a real daemon, for people and
 * machines.
 *
 * @module
 */

export interface ProbeDifference {
  readonly kind: string;
  /** Sequences that ended with one of its kind; 0 for one that was tried as it is known. */
  readonly count: number;
  /** Name of the entry that explains it. */
  readonly known: string | null;
  readonly steps: readonly string[];
  /** What the model and the daemon answer to the last step. */
  readonly ours: string;
  readonly theirs: string;
  /** It was seen again when the same sequence was run again. */
  readonly repeats: boolean;
  readonly token: string;
}

export interface ProbeState {
  readonly requests: number;
  readonly sequences: number;
  readonly shown: readonly ProbeDifference[];
  /** Known differences that do not show any more. */
  readonly stale: readonly string[];
}
