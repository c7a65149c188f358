/**
 * `freezethaw history`: keeps runs in a SQLite file, and gives them back as NDJSON.
 *
 * @module
 */
import type { Command } from "commander";
import { History, type PastRun } from "../history/history.ts";
import { lineOf } from "../ndjson_writer.ts";
import { day } from "./day.ts";
import { opened } from "./earlier_run.ts";
import { UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import { dateOf, digestOf, pastRuns } from "./past_runs.ts";
import type { Json } from "./product.ts";
import type { Session } from "./session.ts";
import { timesBeside } from "./times_file.ts";

interface HistoryOptions {
  readonly history: string;
  readonly date?: string;
  readonly json?: true;
}

type Action = (things: readonly string[], options: HistoryOptions, session: Session) => unknown;

const ACTIONS: Readonly<Record<string, Action>> = { add, list, export: exportRun };
/** Letters of a digest that tell runs apart for a reader. */
const DIGEST_SHOWN = 12;

export function addHistory(program: Command, session: Session): void {
  program
    .command("history")
    .description("keep runs in a SQLite file: add RUN..., list, export NUMBER")
    .argument("<action>", `one of ${Object.keys(ACTIONS).join(", ")}`)
    .argument("[things...]", "runs as NDJSON to add, or the number of the run to export")
    .option("--history <file>", "the SQLite file", "reports/history.sqlite")
    .option(
      "--date <day>",
      "add: the day of the runs; else when their files were written",
      day("--date"),
    )
    .option("--json", "print as JSON")
    .action(async (action: string, things: string[], options: HistoryOptions) => {
      const name = demandName("action", action, Object.keys(ACTIONS));
      await ACTIONS[name]?.(things, options, session);
    });
}

/** Proves that runs can be added to `path`. */
export async function demandHistory(path: string): Promise<void> {
  (await History.open(path, "write"))[Symbol.dispose]();
}

/** Adds the run in the file `run`, of `day`, to a history. Answers in words what became of it. */
export async function keepRun(run: string, path: string, day?: string): Promise<string> {
  const report = opened(run);
  if (report.header.shard !== undefined) {
    throw new UsageError(`Cannot add ${run} to a history as it must be whole: see merge`);
  }
  const digest = digestOf(run, report);
  using history = await History.open(path, "write");
  const date = day === undefined ? dateOf(run) : `${day}T00:00:00Z`;
  const { id, isNew } = history.add(report, digest, { date, times: timesBeside(run) });
  const what = isNew ? `is run ${id}` : `was there already as run ${id}`;
  return `${run} ${what} of ${path} (sha256 ${digest.slice(0, DIGEST_SHOWN)})`;
}

async function add(
  files: readonly string[],
  { history, date, json }: HistoryOptions,
  session: Session,
): Promise<void> {
  if (files.length === 0) throw new UsageError("Cannot add to a history as no run is named");
  const lines: string[] = [];
  for (const file of files) lines.push(await keepRun(file, history, date));
  if (json) await session.print(lines, true);
  else await session.shell.write(`${lines.join("\n")}\n`);
}

async function list(
  things: readonly string[],
  { history, json }: HistoryOptions,
  session: Session,
): Promise<void> {
  if (things.length > 0) throw new UsageError(`Cannot list a history as ${things[0]} is too much`);
  using past = await pastRuns(history);
  const rows = past.runs.map(rowOf);
  if (json) await session.print(rows, true);
  for (const row of json ? [] : rows) {
    const { id, digest, implementation, releases, conditions, cells, surprises } = row;
    const counts =
      conditions === null
        ? "interrupted"
        : `${conditions} conditions, ${cells} cells, ${surprises} surprises`;
    const what = `${implementation} ${releases.join(" ")}`;
    const when = row.date === null ? "" : `, ${row.date}`;
    await session.shell.write(`${id} ${digest.slice(0, DIGEST_SHOWN)} ${what}: ${counts}${when}\n`);
  }
}

function rowOf({ id, digest, date, report: { header, end } }: PastRun) {
  const { implementation, releases, selection = [] } = header;
  const { conditions = null, cells = null, surprises = null } = end ?? {};
  const told = {
    id,
    digest,
    date: date ?? null,
    implementation,
    releases: [...releases],
    selection: [...selection],
  };
  return { ...told, conditions, cells, surprises } satisfies Json;
}

async function exportRun(
  [number, ...more]: readonly string[],
  { history }: HistoryOptions,
  { shell }: Session,
): Promise<void> {
  using past = await pastRuns(history);
  const run = past.runs.find(({ id }) => String(id) === number);
  if (run === undefined || more.length > 0) {
    throw new UsageError(
      `Cannot export as the number of one run must be named, 1 to ${past.runs.length}: ` +
        `current value is ${number ?? "none"}`,
    );
  }
  const { header, end } = run.report;
  await shell.write(lineOf(header));
  for (const result of run.report.conditions()) await shell.write(lineOf(result));
  if (end !== undefined) await shell.write(lineOf(end));
}
