/**
 * The data block of the page of a performance grid: what `cost_page.ts` writes and
 * `cost_page/data.js` reads.
 *
 * @module
 */

export interface CostPageData {
  readonly implementation: string;
  /** Lines about the measurement: machine, passes, what is missing. */
  readonly facts: readonly string[];
  readonly complete: boolean;
  readonly metrics: readonly CostMetric[];
  /** `writer` and `reader` first. */
  readonly factors: readonly {
    readonly name: string;
    readonly values: readonly string[];
    /** Number of the value of each hop. */
    readonly of: readonly number[];
  }[];
  /** Names of conditions by hop. */
  readonly names: readonly string[];
  readonly failures: readonly CostFailure[];
  /** Stored results, oldest first, this one last; empty when there are none. */
  readonly trend: readonly CostTrend[];
}

export interface CostMetric {
  readonly name: string;
  readonly class: "exact" | "timed";
  readonly unit: string;
  readonly meaning: string;
  /** Of each hop what it cost at each pass; once when that was always the same. */
  readonly values: readonly (readonly number[])[];
}

export interface CostFailure {
  readonly writer: string;
  readonly reader: string;
  readonly verdict: string;
  readonly reason: string;
  readonly name: string;
  readonly count: number;
}

export interface CostTrend {
  readonly name: string;
  /** Why it cannot be compared with this one; null when it can. */
  readonly foreign: string | null;
  readonly places: readonly CostTrendPlace[];
}

/** Over all hops, or between two releases: `all` stands for whatever it is. */
export interface CostTrendPlace {
  readonly writer: string;
  readonly reader: string;
  readonly keepalive: string;
  /** p50, p99 and maximum of each metric of the page; null where it was not measured. */
  readonly values: readonly (readonly number[] | null)[];
}
