/**
 * A history of runs. NDJSON is what goes in and comes out; a run that is there already is not added
 * again, and one that could not be added wholly is not there at all.
 *
 * @module
 */
import type { StoredResult } from "../bench/mod.ts";
import type { CellResult, ConditionResult, Report, RunEnd, RunHeader } from "../report.ts";
import { type DatabaseSync, guarded, inTransaction, openDatabase } from "./database.ts";
import { type PastMeasurement, readMeasurements, writeMeasurement } from "./measurements.ts";
import { type Known, writeRun } from "./run_writer.ts";

/** Cells of conditions that are kept while a run is read again. */
const ROWS_MAX = 4_096;

/** A run of a history. */
export interface PastRun {
  /** 1 for the one that came first. */
  readonly id: number;
  /** SHA-256 of its NDJSON. */
  readonly digest: string;
  readonly report: Report;
  /** When it was, as `2026-11-27T14:30:05Z`; unknown of one that came before that was kept. */
  readonly date?: string;
}

/** What became of a run or a measurement that was to be added. */
export interface Added {
  readonly id: number;
  readonly digest: string;
  readonly isNew: boolean;
}

export class History implements Disposable {
  readonly #database: DatabaseSync;
  readonly #path: string;

  private constructor(database: DatabaseSync, path: string) {
    this.#database = database;
    this.#path = path;
  }

  /** Opens the file `path`; in mode `write`, makes it where there is none. */
  static async open(path: string, mode: "read" | "write"): Promise<History> {
    return new History(await openDatabase(path, mode), path);
  }

  /** Adds a run with the digest of its NDJSON; one that was there is of its last date. */
  add(report: Report, digest: string, known?: Known): Added {
    const added = this.#addOnce("run", digest, () => {
      return writeRun(this.#database, report, digest, known);
    });
    const { date } = known ?? {};
    if (!added.isNew && date !== undefined) {
      guarded(this.#path, () => this.#database.prepare(LATER).run(date, added.id, date));
    }
    return added;
  }

  /** Adds what was measured, with the digest of its JSON. */
  addMeasurement(result: StoredResult, digest: string): Added {
    const write = () => writeMeasurement(this.#database, result, digest);
    return this.#addOnce("measurement", digest, write);
  }

  #addOnce(table: "run" | "measurement", digest: string, write: () => number): Added {
    return guarded(this.#path, () =>
      inTransaction(this.#database, () => {
        const find = this.#database.prepare(`SELECT id FROM ${table} WHERE digest = ?`);
        const known = find.get(digest);
        if (known !== undefined) return { id: Number(known.id), digest, isNew: false };
        return { id: write(), digest, isNew: true };
      }),
    );
  }

  /** All measurements, oldest first. */
  measurements(): PastMeasurement[] {
    return guarded(this.#path, () => readMeasurements(this.#database));
  }

  /** Milliseconds that conditions took when they ran last, by name. */
  times(): ReadonlyMap<string, number> {
    return guarded(this.#path, () => {
      const rows = this.#database.prepare(TIMES).all();
      return new Map(rows.map(({ name, ms }) => [String(name), Number(ms)]));
    });
  }

  /** All runs, oldest first: those without a date, then by the last date of each. */
  runs(): PastRun[] {
    return guarded(this.#path, () => {
      const rows = this.#database.prepare("SELECT * FROM run ORDER BY date, id").all();
      return rows.map((row) => this.#past(row as unknown as RunRow));
    });
  }

  #past({ id, digest, header, ending, date }: RunRow): PastRun {
    const report = {
      header: JSON.parse(header) as RunHeader,
      conditions: () => conditionsOf(this.#database, id),
      ...(ending === null ? {} : { end: JSON.parse(ending) as RunEnd }),
    };
    return { id, digest, report, ...(date === null ? {} : { date }) };
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }
}

interface RunRow {
  readonly id: number;
  readonly digest: string;
  readonly header: string;
  readonly ending: string | null;
  readonly date: string | null;
}

interface ResultRow {
  readonly name: string;
  readonly condition: string;
  readonly cells: number;
  readonly transcript: string | null;
  readonly more: string | null;
  readonly fault: string | null;
}

const RESULTS = `
  SELECT name.value AS name, condition.value AS condition, result.cells AS cells,
    transcript.value AS transcript, result.more AS more, result.fault AS fault
  FROM result
  LEFT JOIN text AS transcript ON transcript.id = result.transcript
  JOIN text AS name ON name.id = result.name
  JOIN text AS condition ON condition.id = result.condition
  WHERE result.run = ? ORDER BY result.number`;

const LATER = "UPDATE run SET date = ? WHERE id = ? AND (date IS NULL OR date < ?)";

const TIMES = `
  SELECT text.value AS name, took.ms AS ms
  FROM took JOIN text ON text.id = took.name
  ORDER BY took.run, took.name`;

/** The results of a run; those with the same cells share them. */
function* conditionsOf(database: DatabaseSync, run: number): Generator<ConditionResult> {
  const rows = new Map<number, readonly CellResult[]>();
  const textOf = database.prepare("SELECT value FROM text WHERE id = ?");
  for (const row of database.prepare(RESULTS).iterate(run)) {
    const found = row as unknown as ResultRow;
    const { cells: id } = found;
    let cells = rows.get(id);
    if (cells === undefined) {
      if (rows.size >= ROWS_MAX) rows.clear();
      cells = JSON.parse(String(textOf.get(id)?.value)) as readonly CellResult[];
      rows.set(id, cells);
    }
    yield resultOf(found, cells);
  }
}

/** As the line of a report has it; of older runs nobody knows what happened. */
function resultOf(row: ResultRow, cells: readonly CellResult[]): ConditionResult {
  const { name, condition, transcript, more, fault } = row;
  return {
    type: "condition",
    name,
    condition: JSON.parse(condition),
    transcript: transcript === null ? [] : JSON.parse(transcript),
    ...(more === null ? {} : JSON.parse(more)),
    cells,
    ...(fault === null ? {} : { adapterFault: fault }),
  };
}
