/**
 * Questions about the cells of runs. A cell that failed speaks of the edge that it failed on; any
 * other one of all edges of its path, of which one must be as the question says.
 *
 * @module
 */
import { edgeVocabulary, factorsOf } from "../factors.ts";
import type { Query, Question } from "../query.ts";
import { type Facts, type Meaning, matcherOf } from "../query_match.ts";
import type { CellResult, ConditionResult, Report, RunHeader } from "../report.ts";
import { SYMBOL } from "../verdict.ts";

/** A cell that a question is about, and the run that it is of. */
export interface FoundCell {
  readonly run: number;
  readonly condition: string;
  readonly cell: CellResult;
}

/** A run that is asked; they come oldest first. */
export interface AskedRun {
  readonly id: number;
  readonly report: Report;
}

/** What every cell has, whatever it is of. */
const OF_CELLS: readonly (readonly [string, Meaning])[] = [
  ["verdict", { values: Object.keys(SYMBOL) }],
  ["scenario", {}],
  ["condition", {}],
  ["reason", {}],
  ["expected", {}],
  ["surprise", {}],
  ["implementation", {}],
  ["edge", { numeric: true }],
  ["hops", { numeric: true }],
  ["run", { numeric: true }],
];

/** The cells of `runs` that `question` asks for. */
export function* cellsOf(runs: readonly AskedRun[], question: Question): Generator<FoundCell> {
  const headers = runs.map(({ report }) => report.header);
  const all = merged(headers);
  matcherOf(question.query, all);
  if (question.then !== undefined) matcherOf(question.then, all);
  if (question.then === undefined) {
    for (const run of runs) yield* found(run, asker(question.query, run, headers));
    return;
  }
  yield* successors(runs, headers, question.query, question.then);
}

/** Whether a cell is as a query says. */
type Asker = (result: ConditionResult, cell: CellResult) => boolean;

function* found({ id, report }: AskedRun, asks: Asker): Generator<FoundCell> {
  for (const result of report.conditions()) {
    for (const cell of result.cells) {
      if (asks(result, cell)) yield { run: id, condition: result.name, cell };
    }
  }
}

/** Cells that were as `first` says, and as `then` says in the next run that has them. */
function* successors(
  runs: readonly AskedRun[],
  headers: readonly RunHeader[],
  first: Query,
  then: Query,
): Generator<FoundCell> {
  const before = new Map<string, Set<string>>();
  for (const run of runs) {
    const [asksFirst, asksThen] = [asker(first, run, headers), asker(then, run, headers)];
    for (const result of run.report.conditions()) {
      // Machines of two implementations never have one name.
      const were = before.get(result.name) ?? new Set();
      before.set(result.name, were);
      for (const cell of result.cells) {
        if (were.has(cell.scenario) && asksThen(result, cell)) {
          yield { run: run.id, condition: result.name, cell };
        }
        if (asksFirst(result, cell)) were.add(cell.scenario);
        else were.delete(cell.scenario);
      }
    }
  }
}

function asker(query: Query, run: AskedRun, headers: readonly RunHeader[]): Asker {
  const { implementation, axes } = run.report.header;
  const same = headers.filter((header) => header.implementation === implementation);
  const matches = matcherOf(query, merged(headers), merged(same));
  let [result, cell]: [ConditionResult?, CellResult?] = [];
  let factors: Readonly<Record<string, string>> = {};
  const facts: Facts = (name) => {
    if (cell === undefined || result === undefined) return undefined;
    switch (name) {
      case "verdict":
      case "scenario":
      case "reason":
      case "expected":
      case "surprise":
        return cell[name];
      case "edge":
        return cell.edge?.toString();
      case "hops":
        return String(result.condition.path.length);
      case "condition":
        return result.name;
      case "implementation":
        return implementation;
      case "run":
        return String(run.id);
      default:
        return factors[name];
    }
  };
  const edgesOf = new EdgeFactors(axes);
  return (ofResult, ofCell) => {
    [result, cell] = [ofResult, ofCell];
    const edges = edgesOf.of(ofResult);
    const own = ofCell.edge === undefined ? undefined : edges[ofCell.edge];
    return (own === undefined ? edges : [own]).some((edge) => {
      factors = edge;
      return matches(facts);
    });
  };
}

/** The factors of all edges of the condition that was asked for last. */
class EdgeFactors {
  readonly #axes: RunHeader["axes"];
  #result: ConditionResult | undefined;
  #edges: readonly Readonly<Record<string, string>>[] = [];

  constructor(axes: RunHeader["axes"]) {
    this.#axes = axes;
  }

  of(result: ConditionResult): readonly Readonly<Record<string, string>>[] {
    if (result === this.#result) return this.#edges;
    const { condition } = result;
    this.#result = result;
    this.#edges = condition.path.slice(1).map((_, edge) => factorsOf(condition, edge, this.#axes));
    return this.#edges;
  }
}

/** What the cells of all these runs have; the order of releases is that of the newest run. */
function merged(headers: readonly RunHeader[]): Map<string, Meaning> {
  const vocabulary = new Map<string, Meaning>();
  for (const header of headers) {
    for (const [name, meaning] of edgeVocabulary(header)) {
      const now = meaning.values ?? [];
      const before = vocabulary.get(name)?.values ?? [];
      const gone = before.filter((value) => !now.includes(value));
      vocabulary.set(name, { ...meaning, values: [...gone, ...now] });
    }
  }
  for (const [name, meaning] of OF_CELLS) vocabulary.set(name, meaning);
  return vocabulary;
}
