/**
 * A history as a SQLite file: opened, checked, and brought to the version of today. The only file
 * that knows how a runtime has SQLite.
 *
 * @module
 */
import { existsSync } from "node:fs";
import type { DatabaseSync } from "node:sqlite";
import { APPLICATION_ID, SCHEMAS } from "./schema_table.ts";

export type { DatabaseSync, StatementSync } from "node:sqlite";

/** A file that is no history, is of a newer version, or cannot be read or written. One line. */
export class HistoryError extends Error {
  override readonly name = "HistoryError";
}

/** How long another process may be at work in the file. */
const BUSY_MS = 10_000;

/** Opens the history at `path`, which is made when `mode` is `write`, and migrates it. */
export async function openDatabase(path: string, mode: "read" | "write"): Promise<DatabaseSync> {
  // SQLite would make the file.
  if (mode === "read" && !existsSync(path)) {
    throw new HistoryError(`Cannot use history ${path}: ENOENT`);
  }
  // Few commands need it, and it takes its time.
  const { DatabaseSync } = await import("node:sqlite");
  return guarded(path, () => {
    const database = new DatabaseSync(path);
    try {
      database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
      prepare(database, path, mode);
      return database;
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Does `work` wholly or not at all. */
export function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    database.exec("COMMIT");
    return result;
  } catch (error) {
    database.exec("ROLLBACK");
    throw error;
  }
}

/** Says what SQLite cannot do in one line. */
export function guarded<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ERR_SQLITE_ERROR") throw error;
    const [line = ""] = message.split("\n");
    throw new HistoryError(`Cannot use history ${path}: ${line}`);
  }
}

function prepare(database: DatabaseSync, path: string, mode: "read" | "write"): void {
  const version = versionOf(database, path, mode);
  if (version === SCHEMAS.length) return;
  inTransaction(database, () => {
    // Another process may have been faster.
    const now = versionOf(database, path, mode);
    for (const statements of SCHEMAS.slice(now)) database.exec(statements);
    database.exec(`PRAGMA application_id = ${APPLICATION_ID}`);
    database.exec(`PRAGMA user_version = ${SCHEMAS.length}`);
  });
}

/** The version of the file; 0 of an empty one, which is only fine where it is written. */
function versionOf(database: DatabaseSync, path: string, mode: "read" | "write"): number {
  const id = numberOf(database, "application_id");
  const version = numberOf(database, "user_version");
  const { tables } = database.prepare("SELECT count(*) AS tables FROM sqlite_master").get() as {
    readonly tables: number;
  };
  if (id !== APPLICATION_ID && (tables > 0 || mode === "read")) {
    throw new HistoryError(`Cannot use ${path} as it must be a history: it is another database`);
  }
  if (version > SCHEMAS.length) {
    throw new HistoryError(
      `Cannot use history ${path} as its schema must be at most ${SCHEMAS.length}: ` +
        `current value is ${version}`,
    );
  }
  return version;
}

function numberOf(database: DatabaseSync, pragma: string): number {
  const row = database.prepare(`PRAGMA ${pragma}`).get();
  return Number(Object.values(row ?? {})[0]);
}
