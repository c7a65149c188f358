/**
 * Puts a run into the tables of a history. Texts are kept once, whatever run they come from.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { CellResult, ConditionResult, Report } from "../report.ts";
import type { DatabaseSync, StatementSync } from "./database.ts";

/** What is known of a run besides its report. */
export interface Known {
  /** When it was: `2026-11-27T14:30:05Z`. */
  readonly date?: string;
  /** Milliseconds that its conditions took, by name. */
  readonly times?: ReadonlyMap<string, number>;
}

/** Adds `report`, whose NDJSON has `digest`; answers its id. */
export function writeRun(
  database: DatabaseSync,
  report: Report,
  digest: string,
  { date, times }: Known = {},
): number {
  const { header, end } = report;
  const ending = end === undefined ? null : JSON.stringify(end);
  const run = database
    .prepare(
      "INSERT INTO run (digest, implementation, header, ending, date) VALUES (?, ?, ?, ?, ?)",
    )
    .run(digest, header.implementation, JSON.stringify(header), ending, date ?? null);
  const writer = new ResultWriter(database, Number(run.lastInsertRowid));
  for (const result of report.conditions()) writer.write(result, times?.get(result.name));
  return Number(run.lastInsertRowid);
}

class ResultWriter {
  readonly #run: number;
  readonly #results: StatementSync;
  readonly #findings: StatementSync;
  readonly #times: StatementSync;
  readonly #texts: StatementSync;
  readonly #idOf: StatementSync;
  /** Ids of rows of cells, which conditions share. */
  readonly #rows = new WeakMap<readonly CellResult[], number>();
  #number = 0;

  constructor(database: DatabaseSync, run: number) {
    this.#run = run;
    this.#results = database.prepare(
      `INSERT INTO result (run, number, name, condition, cells, transcript, more, fault)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.#findings = database.prepare("INSERT INTO finding VALUES (?, ?, ?, ?, ?, ?, ?)");
    this.#times = database.prepare("INSERT OR REPLACE INTO took VALUES (?, ?, ?)");
    this.#texts = database.prepare("INSERT OR IGNORE INTO text (digest, value) VALUES (?, ?)");
    this.#idOf = database.prepare("SELECT id FROM text WHERE digest = ?");
  }

  write(result: ConditionResult, ms: number | undefined): void {
    const { type: _, name, condition, cells, transcript, adapterFault, ...more } = result;
    const nameId = this.#text(name).id;
    if (ms !== undefined) this.#times.run(this.#run, nameId, ms);
    this.#results.run(
      this.#run,
      this.#number++,
      nameId,
      this.#text(JSON.stringify(condition)).id,
      this.#row(cells),
      this.#text(JSON.stringify(transcript)).id,
      Object.keys(more).length === 0 ? null : JSON.stringify(more),
      adapterFault ?? null,
    );
  }

  #row(cells: readonly CellResult[]): number {
    const known = this.#rows.get(cells);
    if (known !== undefined) return known;
    const { id, isNew } = this.#text(JSON.stringify(cells));
    if (isNew) for (const cell of cells) this.#find(id, cell);
    this.#rows.set(cells, id);
    return id;
  }

  #find(row: number, { scenario, verdict, reason, edge, expected, surprise }: CellResult): void {
    if (verdict === "passed" && surprise === undefined) return;
    const texts = [expected ?? null, surprise ?? null];
    this.#findings.run(row, scenario, verdict, reason ?? null, edge ?? null, ...texts);
  }

  #text(value: string): { readonly id: number; readonly isNew: boolean } {
    const digest = createHash("sha256").update(value).digest();
    const isNew = Number(this.#texts.run(digest, value).changes) === 1;
    return { id: Number(this.#idOf.get(digest)?.id), isNew };
  }
}
