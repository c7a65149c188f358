/**
 * Counts of a run while it goes on, for its last line.
 *
 * @module
 */
import type { ConditionResult, RunEnd } from "./report.ts";
import type { VerdictKind } from "./verdict.ts";

export class Tally {
  conditions = 0;
  cells = 0;
  surprises = 0;
  adapterFaults = 0;
  readonly #verdicts: Partial<Record<VerdictKind, number>> = {};

  add({ cells, adapterFault }: ConditionResult): void {
    this.conditions++;
    this.cells += cells.length;
    if (adapterFault !== undefined) this.adapterFaults++;
    for (const { verdict, surprise } of cells) {
      this.#verdicts[verdict] = (this.#verdicts[verdict] ?? 0) + 1;
      if (surprise !== undefined) this.surprises++;
    }
  }

  end(stale: readonly string[]): RunEnd {
    const { conditions, cells, surprises, adapterFaults } = this;
    const verdicts = { ...this.#verdicts };
    return { type: "end", conditions, cells, verdicts, surprises, stale, adapterFaults };
  }
}
