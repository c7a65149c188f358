/**
 * The data block of the HTML page: conditions first, and the tables they refer to at the end. Kept
 * in memory are the tables and, of each condition, its numbers as text.
 *
 * @module
 */
import { figuresText } from "../figures.ts";
import type { Hop } from "../path.ts";
import type { CellResult, ConditionResult, Report, TranscriptLine } from "../report.ts";
import { SYMBOL } from "../verdict.ts";
import { Compared } from "./html_compared.ts";
import { Entries } from "./html_entries.ts";
import type { LineEntry, OutcomeEntry, PageData } from "./html_format.ts";
import { Dictionary, TextTable } from "./html_tables.ts";
import { type Counter, type CounterOf, counted } from "./reading.ts";
import { safeJson, scriptJson } from "./script_json.ts";
import { flakyText } from "./wording.ts";

/** Conditions per piece of text; pieces of some kilobytes suit a file. */
const CONDITIONS_PER_PIECE = 256;

/** Conditions of a page that a browser opens at once; a random run may have any number of them. */
const CONDITIONS_MAX = 40_000;

/**
 * The conditions of a page, and the tables that they refer to. Of conditions beyond `most` only
 * those that surprise are in it.
 */
export class PageConditions implements Counter {
  readonly tables = new Tables();
  readonly compared: Compared;
  /** Places of the conditions that the comparison names. */
  readonly places = new Map<string, number>();
  leftOut = 0;
  readonly #most: number;
  /** The text of those that are whole pieces, and the numbers of the others. */
  readonly #texts: string[] = [];
  #numbers: number[] = [];

  constructor(report: Report, most = CONDITIONS_MAX) {
    this.#most = most;
    this.compared = new Compared(report);
    for (const scenario of report.header.scenarios) {
      this.tables.scenarios.number(scenario.id, scenario);
    }
  }

  add(result: ConditionResult): void {
    const { conditions } = this.tables;
    if (conditions >= this.#most && !surprises(result)) {
      this.leftOut++;
      return;
    }
    if (this.compared.names.has(result.name)) this.places.set(result.name, conditions);
    this.#numbers.push(...this.tables.condition(result));
    if (this.#numbers.length < CONDITIONS_PER_PIECE * 4) return;
    this.#texts.push(this.#numbers.join());
    this.#numbers = [];
  }

  /** Numbers of the conditions, with commas. */
  *pieces(): Generator<string> {
    const rest = this.#numbers.length === 0 ? [] : [this.#numbers.join()];
    let separator = "";
    for (const text of [...this.#texts, ...rest]) {
      yield separator + text;
      separator = ",\n";
    }
  }
}

export const pageConditionsOf = (report: Report): PageConditions => new PageConditions(report);

/** The data block in pieces; a {@linkcode PageData} when parsed. */
export function* dataOf(
  report: Report,
  conditionsOf: CounterOf<PageConditions> = pageConditionsOf,
): Generator<string> {
  const { type: _type, schema: _schema, scenarios: _, expectations, ...run } = report.header;
  const page = counted(report, conditionsOf);
  const { tables, compared, places, leftOut } = page;
  yield `{"run":${scriptJson(run)},\n"conditions":[`;
  yield* page.pieces();
  yield "]";
  for (const [name, table] of Object.entries(tables.entries())) {
    yield `,\n"${name}":`;
    if (!(table instanceof Entries)) yield scriptJson(table);
    else for (const piece of table.pieces()) yield safeJson(piece);
  }
  const { type: _end, ...end } = report.end ?? { type: "end" };
  yield `,\n"leftOut":${leftOut}`;
  const block = compared.block({
    condition: (name) => places.get(name) ?? -1,
    scenario: (id) => tables.scenarios.number(id, { id, must: "", source: "" }),
  });
  yield `,\n"compared":${scriptJson(block)},\n"trend":${scriptJson(compared.trend())}`;
  yield `,\n"expectations":${scriptJson(expectations)}`;
  yield `,\n"end":${report.end === undefined ? "null" : scriptJson(end)}}`;
}

function surprises({ cells, adapterFault }: ConditionResult): boolean {
  return adapterFault !== undefined || cells.some(({ surprise }) => surprise !== undefined);
}

type TableName = Exclude<
  keyof PageData,
  "run" | "conditions" | "leftOut" | "compared" | "trend" | "expectations" | "end"
>;

/** Everything that conditions refer to by number. */
class Tables {
  readonly scenarios = new Dictionary<PageData["scenarios"][number]>();
  readonly #verdicts = new Dictionary<PageData["verdicts"][number]>();
  readonly #outcomes = new Dictionary<OutcomeEntry>();
  readonly #rows = new Entries();
  /** Numbers of rows by the cells themselves, which conditions share. */
  readonly #rowsOfCells = new WeakMap<ConditionResult["cells"], number>();
  readonly #hops = new Dictionary<Hop>();
  readonly #paths = new Entries();
  readonly #settings = new Entries();
  readonly #lines = new Entries();
  readonly #transcripts = new Entries();
  readonly #faults: (readonly [number, number])[] = [];
  readonly #texts = new TextTable();
  conditions = 0;

  constructor() {
    for (const [kind, symbol] of Object.entries(SYMBOL))
      this.#verdicts.number(kind, [kind, symbol]);
  }

  /** The four numbers of a condition. */
  condition(result: ConditionResult): readonly number[] {
    const { condition, transcript, cells, adapterFault } = result;
    const fault = this.#texts.number(adapterFault);
    if (fault >= 0) this.#faults.push([this.conditions, fault]);
    this.conditions += 1;
    const path = condition.path.map((hop) => this.#hops.number(JSON.stringify(hop), hop));
    const lines = transcript.map((line) => this.#line(line));
    return [
      this.#paths.number(JSON.stringify(path)),
      this.#settings.number(JSON.stringify(condition.settings)),
      this.#transcripts.number(JSON.stringify(lines)),
      this.#row(cells),
    ];
  }

  /** The tables in the order in which they are written. */
  entries(): Record<TableName, Entries | readonly unknown[]> {
    return {
      verdicts: this.#verdicts.entries,
      scenarios: this.scenarios.entries,
      outcomes: this.#outcomes.entries,
      rows: this.#rows,
      hops: this.#hops.entries,
      paths: this.#paths,
      settings: this.#settings,
      lines: this.#lines,
      transcripts: this.#transcripts,
      faults: this.#faults,
      templates: this.#texts.templates,
      texts: this.#texts.texts,
    };
  }

  #line({ event, release, detail, figures }: TranscriptLine): number {
    const entry = [
      this.#texts.number(event),
      this.#texts.number(release),
      this.#texts.number(figures === undefined ? detail : figuresText(figures)),
    ] satisfies LineEntry;
    return this.#lines.number(JSON.stringify(entry));
  }

  #row(cells: readonly CellResult[]): number {
    const known = this.#rowsOfCells.get(cells);
    if (known !== undefined) return known;
    const number = this.#rows.number(JSON.stringify(this.#codes(cells)));
    this.#rowsOfCells.set(cells, number);
    return number;
  }

  #codes(cells: readonly CellResult[]): number[] {
    const codes: number[] = [];
    for (const cell of cells) {
      const { scenario: id } = cell;
      // A scenario that the header does not list still has a place, without claim or source.
      codes[this.scenarios.number(id, { id, must: "", source: "" })] = this.#outcome(cell) + 1;
    }
    return runs(Array.from(codes, (code) => code ?? 0));
  }

  #outcome(cell: CellResult): number {
    const { verdict, reason, edge, expected, surprise } = cell;
    const entry = [
      this.#verdicts.number(verdict, [verdict, SYMBOL[verdict] ?? "?"]),
      this.#texts.number(reason),
      edge ?? -1,
      this.#texts.number(expected),
      this.#texts.number(surprise),
      this.#texts.number(cell.flaky === undefined ? undefined : flakyText(cell)),
    ] as const;
    return this.#outcomes.number(entry.join(), entry);
  }
}

/** Shortens repetitions; see `PageData.rows`. */
function runs(codes: readonly number[]): number[] {
  const row: number[] = [];
  let repeats = 0;
  codes.forEach((code, index) => {
    if (index > 0 && code === codes[index - 1]) {
      repeats += 1;
      return;
    }
    if (repeats > 0) row.push(-repeats);
    repeats = 0;
    row.push(code);
  });
  if (repeats > 0) row.push(-repeats);
  return row;
}
