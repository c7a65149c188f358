/**
 * What runs have shown of one way between releases, such as 2505 to main, or 2505 to main and back.
 *
 * @module
 */
import type { CellResult } from "../report.ts";
import type { VerdictKind } from "../verdict.ts";
import { signatureOf } from "./signature.ts";

/** Cells that failed alike. */
export interface FailedAlike {
  readonly verdict: VerdictKind;
  readonly reason: string;
  /** Name of the expectation that foresaw it. */
  readonly expected?: string;
  readonly example: string;
  readonly scenarios: Set<string>;
  cells: number;
}

/** What became of one scenario. */
interface ScenarioCounts {
  passed: number;
  failed: number;
  unsupported: number;
  /** Why it could not be asked. */
  why: string;
}

/** Failures that are told apart; a way with more is broken as a whole. */
const ALIKE_MAX = 50;

export class RouteEvidence {
  passed = 0;
  failed = 0;
  errors = 0;
  unsupported = 0;
  /** Conditions that were left aside as something disturbs them on purpose. */
  disturbed = 0;
  /** Conditions that were left aside as they are of builds that were replaced. */
  outdated = 0;
  readonly conditions = new Set<string>();
  /** Ids of the runs. */
  readonly runs = new Set<number>();
  readonly scenarios = new Map<string, ScenarioCounts>();
  readonly #failures = new Map<string, FailedAlike>();

  /** Most cells first. */
  get failures(): readonly FailedAlike[] {
    return [...this.#failures.values()].sort((a, b) => b.cells - a.cells);
  }

  /**
   * Adds a cell; `crossed` says that the machine went all the way. A pass of one that did not is no
   * evidence, nor is what could not be asked.
   */
  add(cell: CellResult, condition: string, run: number, way: { readonly crossed: boolean }): void {
    const counts = this.#countsOf(cell.scenario);
    if (cell.verdict === "unsupported") {
      this.unsupported++;
      counts.unsupported++;
      counts.why ||= cell.reason ?? "";
      return;
    }
    this.runs.add(run);
    if (cell.verdict === "error") this.errors++;
    else if (cell.verdict !== "passed") this.#fail(cell, condition);
    else if (way.crossed) {
      this.passed++;
      counts.passed++;
      this.conditions.add(condition);
    }
  }

  #fail(cell: CellResult, condition: string): void {
    this.failed++;
    this.#countsOf(cell.scenario).failed++;
    const { verdict, reason = "", scenario, expected } = cell;
    const key = `${signatureOf(cell)} ${expected}`;
    const full = this.#failures.size >= ALIKE_MAX && !this.#failures.has(key);
    const alike = this.#failures.get(full ? "" : key) ?? {
      verdict,
      reason: full ? "many further reasons" : reason,
      ...(expected === undefined ? {} : { expected }),
      example: condition,
      scenarios: new Set(),
      cells: 0,
    };
    this.#failures.set(full ? "" : key, alike);
    alike.scenarios.add(scenario);
    alike.cells++;
  }

  #countsOf(scenario: string): ScenarioCounts {
    const known = this.scenarios.get(scenario);
    if (known !== undefined) return known;
    const counts = { passed: 0, failed: 0, unsupported: 0, why: "" };
    this.scenarios.set(scenario, counts);
    return counts;
  }
}

/** The name of a way over `releases`. */
export function wayOf(releases: readonly string[]): string {
  return releases.join(" > ");
}
