/**
 * Runs that a command is asked about: one as NDJSON, or all of a history.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { closeSync, openSync, readSync, statSync } from "node:fs";
import { History, type PastRun } from "../history/history.ts";
import type { ReportFile } from "../report_file.ts";
import { opened } from "./earlier_run.ts";
import { UsageError } from "./exit.ts";

/** What a SQLite file begins with. */
const SQLITE = "SQLite format 3\0";
/** Octets read at once. */
const CHUNK_SIZE = 1024 * 1024;

/** Runs of a file, oldest first, as long as it is open. */
export interface PastRuns extends Disposable {
  readonly runs: readonly PastRun[];
}

/** The runs in the file `path`. */
export async function pastRuns(path: string): Promise<PastRuns> {
  if (!isHistory(path)) {
    const report = opened(path);
    const run = { id: 1, digest: digestOf(path, report), report, date: dateOf(path) };
    return { runs: [run], [Symbol.dispose]() {} };
  }
  const history = await History.open(path, "read");
  const runs = history.runs();
  if (runs.length > 0) return { runs, [Symbol.dispose]: () => history[Symbol.dispose]() };
  history[Symbol.dispose]();
  throw new UsageError(`Cannot ask ${path} as it must have a run: it has none`);
}

/** The run in the file `text`, or in a history as `FILE#NUMBER`. */
export async function oneRun(text: string): Promise<Disposable & { readonly run: PastRun }> {
  const [, file = text, number] = /^(.*)#(\d{1,9})$/s.exec(text) ?? [];
  const past = await pastRuns(file);
  const run =
    number === undefined ? past.runs[0] : past.runs.find(({ id }) => id === Number(number));
  if (run !== undefined && (number !== undefined || past.runs.length === 1)) {
    return { run, [Symbol.dispose]: () => past[Symbol.dispose]() };
  }
  past[Symbol.dispose]();
  throw new UsageError(
    `Cannot read ${text} as one of its runs must be named, ${file}#1 to #${past.runs.at(-1)?.id}`,
  );
}

/** When a run was: when its file was written last, as a report itself has no time. */
export function dateOf(path: string): string {
  return `${statSync(path).mtime.toISOString().slice(0, 19)}Z`;
}

/** SHA-256 of the whole lines of a report. */
export function digestOf(path: string, { wholeSize }: ReportFile): string {
  const hash = createHash("sha256");
  const file = openSync(path, "r");
  try {
    const chunk = Buffer.alloc(CHUNK_SIZE);
    for (let left = wholeSize; left > 0; ) {
      const read = readSync(file, chunk, 0, Math.min(left, chunk.length), null);
      if (read === 0) break;
      hash.update(chunk.subarray(0, read));
      left -= read;
    }
    return hash.digest("hex");
  } finally {
    closeSync(file);
  }
}

/** True for a SQLite file. Throws when it cannot be read. */
export function isHistory(path: string): boolean {
  try {
    const file = openSync(path, "r");
    try {
      const head = Buffer.alloc(SQLITE.length);
      return readSync(file, head) === head.length && head.toString("latin1") === SQLITE;
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new UsageError(`Cannot read ${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}
