/**
 * How long the conditions of a run took: a file beside its report, as a report has no times and is
 * the same each time. It balances the shards of a later run.
 *
 * @module
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { History } from "../history/history.ts";
import { NdjsonWriter } from "../ndjson_writer.ts";
import type { Timed } from "../run.ts";
import { UsageError } from "./exit.ts";
import { isHistory } from "./past_runs.ts";

const TIMES_FILE = "times.ndjson";

/** The file of times beside the report `runPath`. */
function timesPath(runPath: string): string {
  return join(dirname(runPath), TIMES_FILE);
}

/**
 * Milliseconds by the names of conditions: from a file of times, from a report's, or the newest of
 * a history.
 */
export async function readTimes(path: string): Promise<ReadonlyMap<string, number>> {
  if (!existsSync(path) || basename(path) === TIMES_FILE || !isHistory(path)) return timesIn(path);
  using history = await History.open(path, "read");
  const times = history.times();
  if (times.size > 0) return times;
  throw new UsageError(`Cannot read times in ${path} as a run must have them: none has`);
}

/** The times beside a report; none where there is no such file. */
export function timesBeside(runPath: string): ReadonlyMap<string, number> {
  return existsSync(timesPath(runPath)) ? timesIn(runPath) : new Map();
}

function timesIn(path: string): ReadonlyMap<string, number> {
  const own = basename(path) === TIMES_FILE ? path : timesPath(path);
  const times = new Map<string, number>();
  for (const line of linesOf(own)) {
    const { name, ms } = timedOf(line, own);
    times.set(name, ms);
  }
  return times;
}

/** Writes the times of conditions into the file beside a report. */
export class TimesWriter implements Disposable {
  readonly #writer: NdjsonWriter;

  constructor(runPath: string, mode: "replace" | "append") {
    this.#writer = new NdjsonWriter(timesPath(runPath), mode);
  }

  write(times: readonly Timed[]): void {
    let text = "";
    for (const { name, ms } of times) {
      text += `${JSON.stringify({ name, ms: Math.round(ms * 1000) / 1000 })}\n`;
    }
    this.#writer.writeText(text);
  }

  [Symbol.dispose](): void {
    this.#writer[Symbol.dispose]();
  }
}

function linesOf(path: string): readonly string[] {
  try {
    return readFileSync(path, "utf8").split("\n").slice(0, -1);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(`Cannot read times in ${path}: ${code ?? String(error)}`);
  }
}

function timedOf(line: string, path: string): Timed {
  try {
    const { name, ms } = JSON.parse(line) as Partial<Timed>;
    if (typeof name === "string" && typeof ms === "number" && ms >= 0) return { name, ms };
  } catch {
    // Told below.
  }
  throw new UsageError(`Cannot read times in ${path} as each line must have a name and ms`);
}
