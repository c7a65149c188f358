/**
 * Why cells did not pass, grouped: surprises by what they showed, known failures by expectation,
 * unsupported cells by what is lacking. One pass over a report; an example stands for its group.
 *
 * @module
 */
import type { Expectation } from "./expectation.ts";
import type { CellResult, ConditionResult } from "./report.ts";
import type { VerdictKind } from "./verdict.ts";

/** Cells that did not pass for the same reason. */
export interface Reason {
  /** Scenario of the first such cell. */
  readonly scenario: string;
  /** True when other scenarios share the reason, because the hop itself failed. */
  several: boolean;
  readonly verdict: VerdictKind;
  readonly reason: string;
  /** What was expected instead; only of a surprise. */
  readonly surprise?: string;
  /** Name of the condition of the first such cell. */
  readonly condition: string;
  cells: number;
  /** How many of them were not so in every attempt. */
  flaky?: number;
}

/** Cells that an expectation foresaw. */
export interface Known {
  readonly expectation: Expectation;
  /** Scenario and condition of the first such cell. */
  readonly scenario: string;
  readonly condition: string;
  cells: number;
  conditions: number;
  /** How many of its cells were not so in every attempt. */
  flaky?: number;
}

/** Groups of one kind; a report with more is broken as a whole, and counted in the last group. */
const GROUPS_MAX = 500;

/** Verdicts that say how a hop ended, the same for every scenario that looked on. */
const OF_A_HOP: ReadonlySet<VerdictKind> = new Set(["refused", "crashed", "hung"]);

export class Reasons {
  readonly #expectations: ReadonlyMap<string, Expectation>;
  readonly #surprises = new Map<string, Reason>();
  readonly #unsupported = new Map<string, Reason>();
  readonly #known = new Map<string, Known>();

  constructor(expectations: readonly Expectation[]) {
    this.#expectations = new Map(expectations.map((entry) => [entry.name, entry]));
  }

  /** Most cells first. */
  get surprises(): readonly Reason[] {
    return byCount(this.#surprises);
  }

  get unsupported(): readonly Reason[] {
    return byCount(this.#unsupported);
  }

  get known(): readonly Known[] {
    return byCount(this.#known);
  }

  add({ name, cells }: ConditionResult): void {
    const met = new Set<string>();
    for (const cell of cells) {
      const { verdict, expected, surprise, reason = "" } = cell;
      if (surprise !== undefined) {
        const subject = OF_A_HOP.has(verdict) ? "" : cell.scenario;
        const key = `${subject}\n${verdict}\n${reason}\n${surprise}`;
        addTo(this.#surprises, key, cell, name);
      } else if (expected !== undefined) {
        this.#addKnown(expected, cell, name, met);
      } else if (verdict === "unsupported") {
        addTo(this.#unsupported, reason, cell, name);
      }
    }
  }

  #addKnown(expected: string, cell: CellResult, condition: string, met: Set<string>): void {
    let known = this.#known.get(expected);
    if (known === undefined) {
      const expectation = this.#expectations.get(expected);
      if (expectation === undefined) return;
      const { scenario } = cell;
      known = { expectation, scenario, condition, cells: 0, conditions: 0 };
      this.#known.set(expected, known);
    }
    known.cells++;
    if (cell.flaky !== undefined) known.flaky = (known.flaky ?? 0) + 1;
    if (met.has(expected)) return;
    met.add(expected);
    known.conditions++;
  }
}

function addTo(
  groups: Map<string, Reason>,
  key: string,
  { scenario, verdict, reason = "", surprise, flaky }: CellResult,
  condition: string,
): void {
  const full = groups.size >= GROUPS_MAX && !groups.has(key);
  const group = groups.get(full ? "" : key);
  if (group !== undefined) {
    group.cells++;
    if (flaky !== undefined) group.flaky = (group.flaky ?? 0) + 1;
    if (group.scenario !== scenario) group.several = true;
    return;
  }
  groups.set(full ? "" : key, {
    scenario,
    verdict,
    reason: full ? "many further reasons" : reason,
    ...(surprise === undefined ? {} : { surprise }),
    several: false,
    condition,
    cells: 1,
    ...(flaky === undefined ? {} : { flaky: 1 }),
  });
}

function byCount<T extends { readonly cells: number }>(groups: ReadonlyMap<string, T>): T[] {
  return [...groups.values()].sort((a, b) => b.cells - a.cells);
}
