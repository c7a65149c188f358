/**
 * The data block of the HTML page: what `html_data.ts` writes and `html_page/decode.js` reads.
 * Whatever repeats is written once and referred to by its number, so that 240,000 cells fit in a
 * few megabytes. `-1` stands for an absent reference.
 *
 * @module
 */
import type { Expectation } from "../expectation.ts";
import type { Hop } from "../path.ts";
import type { RunEnd, RunHeader, ScenarioHeader } from "../report.ts";
import type { ChangeKind } from "../run_changes.ts";

export interface PageData {
  readonly run: Omit<RunHeader, "type" | "schema" | "scenarios" | "expectations">;
  /** Four numbers per condition: its path, its settings, its transcript and its row. */
  readonly conditions: readonly number[];
  /** Further conditions that the page leaves out, all of them as expected. */
  readonly leftOut: number;
  /** Every kind of verdict with its symbol. */
  readonly verdicts: readonly (readonly [kind: string, symbol: string])[];
  readonly scenarios: readonly ScenarioHeader[];
  readonly expectations: readonly Expectation[];
  readonly outcomes: readonly OutcomeEntry[];
  /**
   * The cells of a condition in the order of `scenarios`: 0 is no cell, N is outcome N - 1, and
   * -N repeats the number before it N times more. Scenarios after the last number have no cell.
   */
  readonly rows: readonly (readonly number[])[];
  readonly hops: readonly Hop[];
  /** Numbers of hops. */
  readonly paths: readonly (readonly number[])[];
  readonly settings: readonly Readonly<Record<string, string>>[];
  readonly lines: readonly LineEntry[];
  /** Numbers of lines. */
  readonly transcripts: readonly (readonly number[])[];
  /** Conditions whose adapter lied, threw or could not start, each with a text. */
  readonly faults: readonly (readonly [condition: number, text: number])[];
  /** Texts without their numbers: the pieces around them. */
  readonly templates: readonly (readonly string[])[];
  /** A template, then the numbers that stood between its pieces. */
  readonly texts: readonly (readonly [template: number, ...numbers: string[]])[];
  /** What differs from another run; null when there is none to compare with. */
  readonly compared: {
    readonly before: RunEntry;
    readonly after: RunEntry;
    readonly changes: readonly ChangeEntry[];
    readonly added: number;
    readonly removed: number;
  } | null;
  /** Runs before this one, oldest first, and this one; empty when there are none. */
  readonly trend: readonly RunEntry[];
  /** Null when the run was interrupted. */
  readonly end: Omit<RunEnd, "type"> | null;
}

/** What a run came to. */
export interface RunEntry {
  readonly name: string;
  readonly complete: boolean;
  readonly conditions: number;
  readonly cells: number;
  readonly surprises: number;
  readonly verdicts: Readonly<Record<string, number>>;
}

/** Cells that changed alike; `condition` and `number` (of the scenario) are -1 when unknown. */
export interface ChangeEntry {
  readonly kind: ChangeKind;
  readonly scenario: string;
  readonly before: string | null;
  readonly after: string;
  readonly reason: string;
  readonly cells: number;
  readonly condition: number;
  readonly number: number;
}

/** What a cell showed. `reason`, `expected` (a name), `surprise` and `flaky` are texts. */
export type OutcomeEntry = readonly [
  verdict: number,
  reason: number,
  edge: number,
  expected: number,
  surprise: number,
  flaky: number,
];

/** A line of a transcript; each part is a text, figures as `tick 2, issued 41`. */
export type LineEntry = readonly [event: number, release: number, detail: number];
