/**
 * Counts of a run while it goes on, for its last line.
 *
 * @module
 */
import type { ConditionResult, RunEnd } from "./report.ts";
import type { VerdictKind } from "./verdict.ts";

/** What a part of a run counted. */
export interface Counts {
  readonly conditions: number;
  readonly cells: number;
  readonly surprises: number;
  readonly adapterFaults: number;
  readonly waited: NonNullable<RunEnd["waited"]>;
  readonly retried: NonNullable<RunEnd["retried"]>;
  readonly flaky: number;
  readonly verdicts: Readonly<Partial<Record<VerdictKind, number>>>;
}

export class Tally {
  conditions = 0;
  cells = 0;
  surprises = 0;
  adapterFaults = 0;
  flaky = 0;
  #waited: Counts["waited"] = { conditions: 0, cells: 0 };
  #retried: Counts["retried"] = { conditions: 0, attempts: 0 };
  #verdicts: Partial<Record<VerdictKind, number>> = {};

  add({ cells, adapterFault, waited, attempts = 1 }: ConditionResult): void {
    this.conditions++;
    this.cells += cells.length;
    if (adapterFault !== undefined) this.adapterFaults++;
    if (waited) this.#addWaited({ conditions: 1, cells: cells.length });
    if (attempts > 1) this.#addRetried({ conditions: 1, attempts });
    for (const { verdict, surprise, flaky } of cells) {
      this.#verdicts[verdict] = (this.#verdicts[verdict] ?? 0) + 1;
      if (surprise !== undefined) this.surprises++;
      if (flaky !== undefined) this.flaky++;
    }
  }

  /** Hands the counts over, and begins again at zero. */
  handOver(): Counts {
    const { conditions, cells, surprises, adapterFaults, flaky } = this;
    const [verdicts, waited, retried] = [this.#verdicts, this.#waited, this.#retried];
    this.conditions = 0;
    this.cells = 0;
    this.surprises = 0;
    this.adapterFaults = 0;
    this.flaky = 0;
    this.#verdicts = {};
    this.#waited = { conditions: 0, cells: 0 };
    this.#retried = { conditions: 0, attempts: 0 };
    const problems = { surprises, adapterFaults, flaky };
    return { conditions, cells, ...problems, waited, retried, verdicts };
  }

  /** Adds what another part of the run has counted. */
  adopt({ conditions, cells, surprises, adapterFaults, flaky, ...counts }: Counts): void {
    const { waited, retried, verdicts } = counts;
    this.conditions += conditions;
    this.cells += cells;
    this.surprises += surprises;
    this.adapterFaults += adapterFaults;
    this.flaky += flaky;
    this.#addWaited(waited);
    this.#addRetried(retried);
    for (const [verdict, count] of Object.entries(verdicts) as [VerdictKind, number][]) {
      this.#verdicts[verdict] = (this.#verdicts[verdict] ?? 0) + count;
    }
  }

  end(stale: readonly string[]): RunEnd {
    const { conditions, cells, surprises, adapterFaults } = this;
    const verdicts = { ...this.#verdicts };
    const waited = this.#waited.conditions > 0 ? { waited: this.#waited } : {};
    const retried = this.#retried.conditions > 0 ? { retried: this.#retried } : {};
    const flaky = this.flaky > 0 ? { flaky: this.flaky } : {};
    const counts = { conditions, cells, verdicts, surprises, stale, adapterFaults };
    return { type: "end", ...counts, ...waited, ...retried, ...flaky };
  }

  #addRetried({ conditions, attempts }: Counts["retried"]): void {
    const before = this.#retried;
    this.#retried = {
      conditions: before.conditions + conditions,
      attempts: before.attempts + attempts,
    };
  }

  #addWaited({ conditions, cells }: Counts["waited"]): void {
    const before = this.#waited;
    this.#waited = {
      conditions: before.conditions + conditions,
      cells: before.cells + cells,
    };
  }
}
