/**
 * Other runs on the HTML page: the one that it is compared with, and those before it.
 *
 * @module
 */
import type { Report } from "../report.ts";
import { changesOf } from "../run_changes.ts";
import { Tally } from "../tally.ts";
import type { ChangeEntry, PageData, RunEntry } from "./html_format.ts";

/** Finds the numbers that the page has for names. */
export interface Numbers {
  /** Of a condition; -1 when the page leaves it out. */
  condition(name: string): number;
  scenario(id: string): number;
}

/** Names of the conditions that the comparison of `report` shows. */
export class Compared {
  readonly #report: Report;
  readonly #changes: ReturnType<typeof changesOf> | undefined;
  readonly names: ReadonlySet<string>;

  constructor(report: Report) {
    this.#report = report;
    const { baseline } = report;
    this.#changes = baseline === undefined ? undefined : changesOf(baseline, report);
    this.names = new Set(this.#changes?.changes.map(({ condition }) => condition));
  }

  /** The block of the page; null when there is nothing to compare with. */
  block(numbers: Numbers): PageData["compared"] {
    const { baseline } = this.#report;
    if (baseline === undefined || this.#changes === undefined) return null;
    const { changes, added, removed } = this.#changes;
    return {
      before: runOf(baseline, "baseline"),
      after: runOf(this.#report, "this run"),
      added,
      removed,
      changes: changes.map(({ condition, before = null, ...change }): ChangeEntry => {
        const number = numbers.scenario(change.scenario);
        return { ...change, before, condition: numbers.condition(condition), number };
      }),
    };
  }

  /** All runs, oldest first and this one last; none when there are no earlier ones. */
  trend(): readonly RunEntry[] {
    const { earlier = [] } = this.#report;
    if (earlier.length === 0) return [];
    const runs = earlier.map((run, index) => runOf(run, `run ${index + 1}`));
    return [...runs, runOf(this.#report, "this run")];
  }
}

function runOf(report: Report, name: string): RunEntry {
  const tally = new Tally();
  if (report.end === undefined) for (const result of report.conditions()) tally.add(result);
  const { conditions, cells, surprises, verdicts } = report.end ?? tally.end([]);
  return { name, complete: report.end !== undefined, conditions, cells, surprises, verdicts };
}
