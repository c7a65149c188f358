/**
 * Compares verdicts with expectations. What is predicted for a cell comes from the first edge in
 * path order whose factors match an entry for its scenario; several entries may match there, and
 * any of them may be right. Where that may pass, later edges have their say as well, and may pass,
 * too: nothing is certain behind what is not, nor behind the edge that a fault disturbs. An edge
 * that the machine never came to predicts nothing: a scenario may pass on a hop that is refused,
 * and the path ends there.
 *
 * @module
 */
import type { Axis } from "./axis.ts";
import type { Condition } from "./condition.ts";
import type { Expectation } from "./expectation.ts";
import { factorsOf } from "./factors.ts";
import { namePattern } from "./name_pattern.ts";
import { type BoundOracle, type BoundScenario, judgesOnlyFirst } from "./program.ts";
import { edgesReached, isDisturbed } from "./reached.ts";
import type { CellResult, ConditionResult, Evidence } from "./report.ts";

/** Entries that predict a failure, and the edge of it. */
interface Prediction {
  readonly edge: number;
  readonly entries: readonly Expectation[];
  /** A pass is a surprise. */
  readonly certain: boolean;
}

/** Name of a factor, and the value or values that it must have. */
type Factor = readonly [string, string | readonly string[]];

/** By scenario, in path order; who is missing is expected to pass. */
type Predictions = ReadonlyMap<string, readonly Prediction[]>;

type Row = ConditionResult["cells"];

/** Nobody expects a failure. */
const NONE: Predictions = new Map();

/** Predictions that are kept: more than a grid has. Random paths hardly ever bring one again. */
const PREDICTIONS_MAX = 128;

export class Expectations {
  readonly #entries: readonly Expectation[];
  readonly #axes: readonly Axis[];
  /** Factors of each entry as pairs; they are compared on every edge of every condition. */
  readonly #factors: readonly (readonly Factor[])[];
  /** Ids that have nothing to say on later edges. */
  readonly #onlyFirst: ReadonlySet<string>;
  /** Ids that each entry speaks of. */
  readonly #subjects = new Map<Expectation, ReadonlySet<string>>();
  /** Entries that predicted a verdict where none of those that did was right. */
  readonly #refuted = new Set<Expectation>();
  /** Entries that foresaw a verdict. */
  readonly #matched = new Set<Expectation>();
  /** Entries about releases that cannot be started here. */
  readonly #unasked = new Set<Expectation>();
  readonly #absent: ReadonlySet<string>;
  readonly #predictionsOf = new Map<string, Predictions>();
  /** Judged rows by the row itself; few conditions have cells of their own. */
  readonly #judged = new WeakMap<Predictions, WeakMap<Row, Row>>();

  constructor(
    entries: readonly Expectation[],
    scenarios: readonly BoundScenario[],
    oracles: readonly BoundOracle[],
    axes: readonly Axis[] = [],
    absent: ReadonlySet<string> = new Set(),
  ) {
    this.#axes = axes;
    this.#absent = absent;
    this.#entries = entries;
    this.#factors = entries.map(({ factors }) => Object.entries(factors));
    const onlyFirst = scenarios.filter(({ scenario }) => judgesOnlyFirst(scenario, axes));
    this.#onlyFirst = new Set(onlyFirst.map(({ id }) => id));
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

  /** Marks the cells of `result` as expected or surprising; the same row only once. */
  judge(result: ConditionResult): ConditionResult {
    const predictions = this.#predictions(result.condition, edgesReached(result));
    let judged = this.#judged.get(predictions);
    if (judged === undefined) {
      judged = new WeakMap();
      this.#judged.set(predictions, judged);
    }
    let cells = judged.get(result.cells);
    if (cells === undefined) {
      cells = result.cells.map((cell) => this.#judgeCell(cell, predictions));
      judged.set(result.cells, cells);
    }
    return { ...result, cells };
  }

  /** Names of the entries that speak of some edge of `condition`, with the ids that they are of. */
  *about(condition: Condition): Generator<readonly [string, ReadonlySet<string>]> {
    const edges = condition.path.slice(1).map((_, at) => factorsOf(condition, at, this.#axes));
    for (const [index, entry] of this.#entries.entries()) {
      const wanted = this.#factors[index] ?? [];
      if (!edges.some((factors) => matches(wanted, factors))) continue;
      yield [entry.name, this.#subjects.get(entry) ?? new Set()];
    }
  }

  /**
   * Names of the entries that nothing bears out: their factors were met and nothing failed so,
   * or, when the `whole` plan ran, were never met. What could not be asked here bears out nothing
   * and refutes nothing.
   */
  stale(whole: boolean): string[] {
    return this.#entries
      .filter((entry) => !this.#matched.has(entry) && entry.mayPass !== true)
      .filter((entry) => (whole && !this.#unasked.has(entry)) || this.#refuted.has(entry))
      .map(({ name }) => name);
  }

  /** Names of the entries that were refuted and that matched so far. */
  get evidence(): Evidence {
    const names = (entries: Iterable<Expectation>) => [...entries].map(({ name }) => name);
    const [refuted, matched] = [names(this.#refuted), names(this.#matched)];
    return { refuted, matched, unasked: names(this.#unasked) };
  }

  /** Takes over what another part of the run has seen. */
  adopt({ refuted, matched, unasked }: Evidence): void {
    for (const entry of this.#entries) {
      if (refuted.includes(entry.name)) this.#refuted.add(entry);
      if (matched.includes(entry.name)) this.#matched.add(entry);
      if (unasked.includes(entry.name)) this.#unasked.add(entry);
    }
  }

  /** What is predicted on the edges reached. Few combinations of entries ever match. */
  #predictions(condition: Condition, reached: number): Predictions {
    if (this.#entries.length === 0) return NONE;
    const edges = Array.from({ length: reached }, (_, edge) => {
      const factors = factorsOf(condition, edge, this.#axes);
      return this.#entries.filter((_entry, index) => matches(this.#factors[index] ?? [], factors));
    });
    if (this.#absent.size > 0 && condition.path.some(({ release }) => this.#absent.has(release))) {
      for (const entry of edges.flat()) this.#unasked.add(entry);
    }
    const disturbed = isDisturbed(condition, this.#axes);
    const names = edges.map((entries) => entries.map(({ name }) => name).join(","));
    const key = `${disturbed} ${names.join(">")}`;
    let predictions = this.#predictionsOf.get(key);
    if (predictions === undefined) {
      if (this.#predictionsOf.size >= PREDICTIONS_MAX) this.#predictionsOf.clear();
      predictions = this.#predict(edges, disturbed);
      this.#predictionsOf.set(key, predictions);
    }
    return predictions;
  }

  #predict(edges: readonly (readonly Expectation[])[], disturbed: boolean): Predictions {
    const predictions = new Map<string, Prediction[]>();
    for (const [edge, entries] of edges.entries()) {
      const ids = new Set(entries.flatMap((entry) => [...(this.#subjects.get(entry) ?? [])]));
      for (const id of ids) {
        const earlier = predictions.get(id) ?? [];
        if (earlier[0]?.certain || (edge > 0 && this.#onlyFirst.has(id))) continue;
        const about = entries.filter((entry) => this.#subjects.get(entry)?.has(id));
        const doubtful = earlier.length > 0 || (disturbed && edge > 0);
        const certain = !doubtful && about.some(({ mayPass }) => mayPass !== true);
        predictions.set(id, [...earlier, { edge, entries: about, certain }]);
      }
    }
    return predictions;
  }

  #judgeCell(cell: CellResult, predictions: Predictions): CellResult {
    if (cell.verdict === "unsupported") return cell;
    const foreseen = predictions.get(cell.scenario);
    if (foreseen === undefined) {
      return cell.verdict === "passed" ? cell : { ...cell, surprise: "passed" };
    }
    const right = foreseen
      .flatMap(({ edge, entries }) => entries.filter((entry) => foretells(entry, edge, cell)))
      .at(0);
    if (right === undefined) {
      if (cell.verdict === "passed" && !foreseen.some(({ certain }) => certain)) return cell;
      for (const { entries } of foreseen) for (const entry of entries) this.#refuted.add(entry);
      return { ...cell, surprise: foreseen.map(describe).join(" or ") };
    }
    this.#matched.add(right);
    return { ...cell, expected: right.name };
  }
}

function matches(wanted: readonly Factor[], factors: Readonly<Record<string, string>>): boolean {
  // Compared for each entry on every edge: the first difference ends it, and nothing is made.
  for (const [name, value] of wanted) {
    const actual = factors[name];
    if (actual === undefined) return false;
    if (typeof value === "string" ? actual !== value : !value.includes(actual)) return false;
  }
  return true;
}

function foretells({ verdict, reason }: Expectation, edge: number, cell: CellResult): boolean {
  return cell.verdict === verdict && cell.edge === edge && (cell.reason ?? "").includes(reason);
}

function describe({ edge, entries }: Prediction): string {
  return entries
    .map(({ name, verdict, reason }) => `${verdict} on edge ${edge} with "${reason}" (${name})`)
    .join(" or ");
}
