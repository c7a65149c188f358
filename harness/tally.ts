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
  readonly verdicts: Readonly<Partial<Record<VerdictKind, number>>>;
}

export class Tally {
  conditions = 0;
  cells = 0;
  surprises = 0;
  adapterFaults = 0;
  #waited: Counts["waited"] = { conditions: 0, cells: 0 };
  #verdicts: Partial<Record<VerdictKind, number>> = {};

  add({ cells, adapterFault, waited }: ConditionResult): void {
    this.conditions++;
    this.cells += cells.length;
    if (adapterFault !== undefined) this.adapterFaults++;
    if (waited) this.#addWaited({ conditions: 1, cells: cells.length });
    for (const { verdict, surprise } of cells) {
      this.#verdicts[verdict] = (this.#verdicts[verdict] ?? 0) + 1;
      if (surprise !== undefined) this.surprises++;
    }
  }

  /** Hands the counts over, and begins again at zero. */
  handOver(): Counts {
    const { conditions, cells, surprises, adapterFaults } = this;
    const [verdicts, waited] = [this.#verdicts, this.#waited];
    this.conditions = 0;
    this.cells = 0;
    this.surprises = 0;
    this.adapterFaults = 0;
    this.#verdicts = {};
    this.#waited = { conditions: 0, cells: 0 };
    return { conditions, cells, surprises, adapterFaults, waited, verdicts };
  }

  /** Adds what another part of the run has counted. */
  adopt({ conditions, cells, surprises, adapterFaults, waited, verdicts }: Counts): void {
    this.conditions += conditions;
    this.cells += cells;
    this.surprises += surprises;
    this.adapterFaults += adapterFaults;
    this.#addWaited(waited);
    for (const [verdict, count] of Object.entries(verdicts) as [VerdictKind, number][]) {
      this.#verdicts[verdict] = (this.#verdicts[verdict] ?? 0) + count;
    }
  }

  end(stale: readonly string[]): RunEnd {
    const { conditions, cells, surprises, adapterFaults } = this;
    const verdicts = { ...this.#verdicts };
    const waited = this.#waited.conditions > 0 ? { waited: this.#waited } : {};
    return { type: "end", conditions, cells, verdicts, surprises, stale, adapterFaults, ...waited };
  }

  #addWaited({ conditions, cells }: Counts["waited"]): void {
    const before = this.#waited;
    this.#waited = {
      conditions: before.conditions + conditions,
      cells: before.cells + cells,
    };
  }
}
