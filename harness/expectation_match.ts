/**
 * Compares verdicts with expectations. What is predicted for a cell comes from the first edge in
 * path order whose factors match an entry for its scenario; several entries may match there, and
 * any of them may be right.
 *
 * @module
 */
import { type Condition, factorsOf } from "./condition.ts";
import type { Expectation } from "./expectation.ts";
import { namePattern } from "./name_pattern.ts";
import type { BoundOracle, BoundScenario } from "./program.ts";
import type { CellResult, ConditionResult } from "./report.ts";

/** Entries that predict a failure, and the edge of it. */
interface Prediction {
  readonly edge: number;
  readonly entries: readonly Expectation[];
}

export class Expectations {
  readonly #entries: readonly Expectation[];
  /** Ids that each entry speaks of. */
  readonly #subjects = new Map<Expectation, ReadonlySet<string>>();
  /** Entries that predicted something, right or wrong. */
  readonly #predicted = new Set<Expectation>();
  /** Entries that foresaw a verdict. */
  readonly #matched = new Set<Expectation>();

  constructor(
    entries: readonly Expectation[],
    scenarios: readonly BoundScenario[],
    oracles: readonly BoundOracle[],
  ) {
    this.#entries = entries;
    const all = [...scenarios, ...oracles].map(({ id }) => id);
    const plain = scenarios
      .filter(({ scenario }) => !scenario.afterFailedSave && !scenario.afterFailedRestore)
      .map(({ id }) => id);
    for (const entry of entries) {
      const patterns = entry.scenarios?.map(namePattern);
      const subjects =
        patterns === undefined ? plain : all.filter((id) => patterns.some((match) => match(id)));
      this.#subjects.set(entry, new Set(subjects));
    }
  }

  /** Marks the cells of `result` as expected or surprising. */
  judge(result: ConditionResult): ConditionResult {
    const edges = this.#entriesByEdge(result.condition);
    return { ...result, cells: result.cells.map((cell) => this.#judgeCell(cell, edges)) };
  }

  /**
   * Names of the entries that nothing bears out: their factors were met and nothing failed so,
   * or, when the `whole` plan ran, were never met.
   */
  stale(whole: boolean): string[] {
    return this.#entries
      .filter((entry) => !this.#matched.has(entry) && (whole || this.#predicted.has(entry)))
      .map(({ name }) => name);
  }

  #entriesByEdge(condition: Condition): Expectation[][] {
    return condition.path.slice(1).map((_, edge) => {
      const factors = factorsOf(condition, edge);
      return this.#entries.filter((entry) => matchesFactors(entry, factors));
    });
  }

  #judgeCell(cell: CellResult, edges: readonly (readonly Expectation[])[]): CellResult {
    if (cell.verdict === "unsupported") return cell;
    const prediction = this.#predict(cell.scenario, edges);
    if (prediction === undefined) {
      return cell.verdict === "passed" ? cell : { ...cell, surprise: "passed" };
    }
    for (const entry of prediction.entries) this.#predicted.add(entry);
    const right = prediction.entries.find((entry) => foretells(entry, prediction.edge, cell));
    if (right === undefined) return { ...cell, surprise: describe(prediction) };
    this.#matched.add(right);
    return { ...cell, expected: right.name };
  }

  #predict(id: string, edges: readonly (readonly Expectation[])[]): Prediction | undefined {
    for (const [edge, candidates] of edges.entries()) {
      if (candidates.length === 0) continue;
      const entries = candidates.filter((entry) => this.#subjects.get(entry)?.has(id));
      if (entries.length > 0) return { edge, entries };
    }
    return undefined;
  }
}

function matchesFactors(entry: Expectation, factors: Readonly<Record<string, string>>): boolean {
  return Object.entries(entry.factors).every(([name, value]) => {
    const actual = factors[name];
    if (actual === undefined) return false;
    return typeof value === "string" ? actual === value : value.includes(actual);
  });
}

function foretells({ verdict, reason }: Expectation, edge: number, cell: CellResult): boolean {
  return cell.verdict === verdict && cell.edge === edge && (cell.reason ?? "").includes(reason);
}

function describe({ edge, entries }: Prediction): string {
  return entries
    .map(({ name, verdict, reason }) => `${verdict} on edge ${edge} with "${reason}" (${name})`)
    .join(" or ");
}
