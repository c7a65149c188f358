/**
 * Questions about the cells of runs. A cell that failed speaks of the edge that it failed on; any
 * other one of all edges of its path, of which one must be as the question says. `exists`, `all`
 * and `none` look at the whole path, whatever the cell has shown.
 *
 * @module
 */
import { factorsOf } from "../factors.ts";
import { pathFactsOf, queryVocabulary } from "../path_facts.ts";
import { type Query, type Question, testsOf } from "../query.ts";
import type { Meaning } from "../query_check.ts";
import { type Facts, matcherOf, type PathFacts } from "../query_match.ts";
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
  /** When it ran, as `2026-11-27T14:30:05Z`; absent where nobody has kept that. */
  readonly date?: string;
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
  ["date", { time: true }],
  ["age", { numeric: true }],
];

const DAY_MS = 86_400_000;

/** The cells of `runs` that `question` asks for on the day `today`, which ages go back from. */
export function* cellsOf(
  runs: readonly AskedRun[],
  question: Question,
  today: string,
): Generator<FoundCell> {
  const headers = runs.map(({ report }) => report.header);
  const { query, then } = question;
  const all = merged(headers);
  for (const part of [query, ...(then === undefined ? [] : [then])]) matcherOf(part, all);
  const askers = (part: Query) => (run: AskedRun) => asker(part, run, headers, today);
  if (then === undefined) for (const run of runs) yield* found(run, askers(query)(run));
  else yield* successors(runs, askers(query), askers(then));
}

/** Whether a question is about when runs were. */
export function asksForTime({ query, then }: Question): boolean {
  const parts = [query, ...(then === undefined ? [] : [then])];
  return parts.some((part) => testsOf(part).some(({ name }) => name === "date" || name === "age"));
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
  first: (run: AskedRun) => Asker,
  then: (run: AskedRun) => Asker,
): Generator<FoundCell> {
  const before = new Map<string, Set<string>>();
  for (const run of runs) {
    const [asksFirst, asksThen] = [first(run), then(run)];
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

function asker(query: Query, run: AskedRun, headers: readonly RunHeader[], today: string): Asker {
  const { implementation, axes } = run.report.header;
  const age = ageOf(run, today);
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
      case "date":
        return run.date;
      case "age":
        return age;
      default:
        return factors[name];
    }
  };
  const paths = new Paths(axes);
  return (ofResult, ofCell) => {
    [result, cell] = [ofResult, ofCell];
    const { edges, facts: path } = paths.of(ofResult);
    const own = ofCell.edge === undefined ? undefined : edges[ofCell.edge];
    return (own === undefined ? edges : [own]).some((edge) => {
      factors = edge;
      return matches(facts, path);
    });
  };
}

/** Whole days from the day of a run to `today`. */
function ageOf({ date }: AskedRun, today: string): string | undefined {
  if (date === undefined) return undefined;
  const [then, now] = [date.slice(0, 10), today].map((day) => Date.parse(`${day}T00:00:00Z`));
  return String(Math.round((Number(now) - Number(then)) / DAY_MS));
}

/** What the whole path of the condition has that was asked for last. */
class Paths {
  readonly #axes: RunHeader["axes"];
  #result: ConditionResult | undefined;
  #edges: readonly Readonly<Record<string, string>>[] = [];
  #facts: PathFacts | undefined;

  constructor(axes: RunHeader["axes"]) {
    this.#axes = axes;
  }

  of(result: ConditionResult) {
    const { condition } = result;
    if (result !== this.#result) {
      this.#result = result;
      this.#facts = undefined;
      this.#edges = condition.path
        .slice(1)
        .map((_, edge) => factorsOf(condition, edge, this.#axes));
    }
    const facts = () => {
      this.#facts ??= pathFactsOf(condition, this.#axes);
      return this.#facts;
    };
    return { edges: this.#edges, facts };
  }
}

/** What the cells of all these runs have; the order of releases is that of the newest run. */
function merged(headers: readonly RunHeader[]): Map<string, Meaning> {
  const vocabulary = new Map<string, Meaning>();
  for (const header of headers) {
    for (const [name, meaning] of queryVocabulary(header)) {
      const { values: now } = meaning;
      if (now === undefined) {
        vocabulary.set(name, meaning);
        continue;
      }
      const before = vocabulary.get(name)?.values ?? [];
      const gone = before.filter((value) => !now.includes(value));
      vocabulary.set(name, { ...meaning, values: [...gone, ...now] });
    }
  }
  for (const [name, meaning] of OF_CELLS) vocabulary.set(name, meaning);
  return vocabulary;
}
