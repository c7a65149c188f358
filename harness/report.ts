/**
 * The results of a run as a stream of conditions, and the interface of reporters.
 *
 * @module
 */
import type { Axis } from "./axis.ts";
import type { Condition } from "./condition.ts";
import type { CoverageCounts } from "./coverage.ts";
import type { Expectation } from "./expectation.ts";
import type { KnownGrowth } from "./known_growth.ts";
import type { Verdict, VerdictKind } from "./verdict.ts";

/** Version of the NDJSON lines; raised when a reader must know. */
export const REPORT_SCHEMA = 1;

/** First line of a run. */
export interface RunHeader {
  readonly type: "run";
  readonly schema: typeof REPORT_SCHEMA;
  readonly implementation: string;
  readonly releases: readonly string[];
  readonly axes: readonly Axis[];
  readonly seed: number;
  /** Conditions that the plan holds. */
  readonly planned: number;
  /** Conditions of the plan by its parts, such as `pairs`. */
  readonly parts?: readonly { readonly name: string; readonly count: number }[];
  /** What narrowed the plan, as given; absent when the whole plan ran. */
  readonly selection?: readonly string[];
  /** Which part of the plan was run, when others run the rest. */
  readonly shard?: ShardHeader;
  /** Combinations that the constraints removed, by constraint. */
  readonly pruned: readonly {
    readonly name: string;
    readonly reason: string;
    readonly count: number;
  }[];
  /** Every scenario and oracle of the run. */
  readonly scenarios: readonly ScenarioHeader[];
  /** Every expectation in force. */
  readonly expectations: readonly Expectation[];
  /** What is known to grow when a machine is saved and restored again and again. */
  readonly growths?: readonly KnownGrowth[];
}

/** One of several runs that share a plan. */
export interface ShardHeader {
  /** Counted from 1. */
  readonly number: number;
  readonly of: number;
  /** Conditions of the plan that are its own. */
  readonly conditions: number;
}

export interface ScenarioHeader {
  /** `suite/scenario`; oracles are of the suite `oracle`. */
  readonly id: string;
  readonly must: string;
  readonly source: string;
}

/** One line per condition, written when it is finished. */
export interface ConditionResult {
  readonly type: "condition";
  /** Place in the plan, from 0; of a shard only. */
  readonly at?: number;
  /** {@linkcode conditionName} of the condition. */
  readonly name: string;
  readonly condition: Condition;
  readonly transcript: readonly TranscriptLine[];
  readonly cells: readonly CellResult[];
  /** Set when the adapter lied, threw or could not start: how. */
  readonly adapterFault?: string;
  /** Set when some hop waited for a deadline to pass. */
  readonly waited?: true;
  /** How often it was run, when that is more than once. */
  readonly attempts?: number;
}

/** What really happened, as each hop reports itself. */
export interface TranscriptLine {
  readonly event:
    | "started"
    | "not-started"
    | "prepared"
    | "saved"
    | "save-failed"
    | "restored"
    | "not-restored"
    | "went-down"
    | "guest"
    | "blackout"
    | "struck"
    | "left-alone"
    | "log"
    | "wire";
  /** Release as it reports itself; the planned one when nothing came up. */
  readonly release: string;
  /** Preparation, size of the state, reason of a failure; a message; where a log is kept. */
  readonly detail: string;
  /** What a guest has seen so far; phases of a blackout in microseconds. */
  readonly figures?: Figures;
}

/** Numbers by name. */
export type Figures = Readonly<Record<string, number>>;

/** One cell: a scenario on a condition. */
export interface CellResult {
  /** `suite/scenario`. */
  readonly scenario: string;
  readonly verdict: VerdictKind;
  readonly reason?: string;
  readonly edge?: number;
  /** Name of the expectation that foresaw this verdict. */
  readonly expected?: string;
  /** Set when verdict and expectations disagree: what was expected instead. */
  readonly surprise?: string;
  /** Set when attempts did not agree; the cell shows one that surprised or did not pass. */
  readonly flaky?: Flaky;
}

/** How often a cell was asked, how often it surprised, and what it showed how often. */
export interface Flaky {
  readonly attempts: number;
  readonly surprises: number;
  /** Absent from older reports. */
  readonly verdicts?: Readonly<Partial<Record<VerdictKind, number>>>;
}

/** What a shard knows of the whole plan, before its last line; see `merge`. */
export interface ShardEvidence extends Evidence {
  readonly type: "shard";
  /** By strength: the tuples that were covered, as packed bits, deflated, in base64. */
  readonly covered: readonly string[];
}

/** What a part of a run showed about the expectations, by name. */
export interface Evidence {
  readonly refuted: readonly string[];
  readonly matched: readonly string[];
  readonly unasked: readonly string[];
}

/** Last line of a run that was not interrupted. */
export interface RunEnd {
  readonly type: "end";
  readonly conditions: number;
  readonly cells: number;
  readonly verdicts: Readonly<Partial<Record<VerdictKind, number>>>;
  readonly surprises: number;
  /** Expectations that matched no cell. */
  readonly stale: readonly string[];
  /** Expectations that have expired and were needed; absent when there are none. */
  readonly expired?: readonly string[];
  /** Conditions in which the adapter lied, threw or could not start; their cells are `error`. */
  readonly adapterFaults?: number;
  /** What waited for a deadline to pass, if anything did; it says how long a run takes. */
  readonly waited?: { readonly conditions: number; readonly cells: number };
  /** Conditions that were run again, and how often in all; absent when none was. */
  readonly retried?: { readonly conditions: number; readonly attempts: number };
  /** Cells whose attempts did not agree; absent when there are none. */
  readonly flaky?: number;
  /** Combinations of factors that the edges of the run had; absent from older reports. */
  readonly coverage?: CoverageCounts;
}

/** Everything a run showed; the only input of a reporter. */
export interface Report {
  readonly header: RunHeader;
  /** Reads the results again from the start; never all of them in memory. */
  conditions(): Iterable<ConditionResult>;
  /** Absent when the run was interrupted. */
  readonly end?: RunEnd;
  /** Another run to compare with. */
  readonly baseline?: Report;
  /** Runs before this one, oldest first. */
  readonly earlier?: readonly Report[];
}

/** Renders a report in pieces. Pure: no clock, no file, no terminal. */
export interface Reporter {
  (report: Report): Iterable<string>;
  /** Says that it is going to render `report`, so that it is read once for several reporters. */
  readonly announce?: (report: Report) => void;
}

/** Name of a cell: its scenario, then its condition. Selection and reports use it. */
export function cellName(scenario: string, condition: string): string {
  return `${scenario} ${condition}`;
}

/** The part of a verdict that a cell keeps. */
export function cellOf(scenario: string, { kind, reason, edge }: Verdict): CellResult {
  return {
    scenario,
    verdict: kind,
    ...(reason === undefined ? {} : { reason }),
    ...(edge === undefined ? {} : { edge }),
  };
}
