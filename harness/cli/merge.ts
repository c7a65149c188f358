/**
 * `freezethaw merge`: the reports of several runs as one report, which is rendered like that of a
 * run.
 *
 * @module
 */
import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { Merge, type MergeInput } from "../merge.ts";
import { NdjsonWriter } from "../ndjson_writer.ts";
import { openReport } from "../report_file.ts";
import { cutTo, sizeOf } from "./artifact_size.ts";
import { opened } from "./earlier_run.ts";
import { UsageError } from "./exit.ts";
import { KeptLogs } from "./kept_logs.ts";
import { demandName } from "./nearest.ts";
import {
  demandWritable,
  outputPath,
  printRendered,
  RUN_FILE,
  writeRendered,
} from "./output_files.ts";
import { exitCodeOf, REPORTERS } from "./run_outcome.ts";
import type { Session } from "./session.ts";
import { TimesWriter, timesBeside } from "./times_file.ts";

/** Where logs of adapters go, in the folder of the reports. */
const LOGS = "logs";

interface MergeOptions {
  readonly out: string;
  readonly reporter: readonly string[];
  readonly maxArtifactSize?: number;
}

export function addMerge(program: Command, session: Session): void {
  program
    .command("merge")
    .description("make one report of those of shards, repeats and reruns")
    .argument("<reports...>", "NDJSON that runs wrote")
    .option("--out <directory>", "where reports go", "reports")
    .addOption(
      new Option("--reporter <names>", "reporters, with commas")
        .argParser((text) => text.split(","))
        .default(REPORTERS, REPORTERS.join(",")),
    )
    .option("--max-artifact-size <size>", "what --out may have, such as 50M", sizeOf)
    .action((reports: string[], options: MergeOptions) => merge(reports, options, session));
}

async function merge(
  paths: readonly string[],
  { out, reporter, maxArtifactSize }: MergeOptions,
  session: Session,
): Promise<void> {
  const { product, shell } = session;
  const names = reporter.map((name) =>
    demandName("reporter", name, Object.keys(product.reporters)),
  );
  const logs = new KeptLogs(join(out, LOGS));
  const inputs = paths.map((path): MergeInput => logs.carried({ path, ...opened(path) }));
  const runPath = outputPath(out, "ndjson") ?? RUN_FILE;
  if (paths.some((path) => resolve(path) === resolve(runPath))) {
    throw new UsageError(`Cannot merge into ${runPath} as it must not be one of the reports`);
  }
  const files = names.flatMap((name) => outputPath(out, name) ?? []);
  demandWritable(out, [runPath, ...files]);
  const merged = new Merge(inputs);
  writeMerged(merged, runPath);
  mergeTimes(paths, runPath);
  for (const text of [...gapsOf(merged), ...lostOf(logs)]) shell.tell(`${text}\n`);
  const report = openReport(runPath);
  session.exitCode = exitCodeOf(report, merged.unplaced.size);
  for (const name of names) product.reporters[name]?.announce?.(report);
  for (const name of names) {
    const path = outputPath(out, name);
    const chosen = product.reporters[name];
    if (chosen === undefined || name === "ndjson") continue;
    if (path === undefined) await printRendered(shell, chosen, report);
    else writeRendered(path, chosen, report);
  }
  if (maxArtifactSize !== undefined) {
    for (const text of cutTo(out, maxArtifactSize)) shell.tell(`${text}\n`);
  }
  const counts = `${inputs.length} reports, ${merged.disagreeing} conditions that do not agree`;
  await shell.write(`Merged ${counts}\nReports: ${[...new Set([runPath, ...files])].join(", ")}\n`);
}

function writeMerged(merged: Merge, path: string): void {
  using writer = new NdjsonWriter(path);
  writer.write(merged.header);
  for (const result of merged.results()) writer.write(result);
  const end = merged.end();
  if (end !== undefined) writer.write(end);
}

/** Times balance the next run, and are no part of this one: those that are there will do. */
function mergeTimes(paths: readonly string[], runPath: string): void {
  const times = new Map(paths.flatMap((path) => [...timesBeside(path)]));
  using writer = new TimesWriter(runPath, "replace");
  writer.write([...times].map(([name, ms]) => ({ name, ms })));
}

function* lostOf({ lost }: KeptLogs): Generator<string> {
  const [first] = lost;
  if (first !== undefined) yield `Not found: ${lost.size} logs of adapters, such as ${first}`;
}

/** What nobody can know from these reports. */
function* gapsOf({ missing, torn, unplaced, header }: Merge): Generator<string> {
  const of = `of the ${header.planned} conditions of the plan`;
  if (missing > 0) yield `Missing: ${missing} ${of} are in no report; is that of a shard missing?`;
  if (torn > 0) {
    yield `Interrupted: ${torn} ${of} are only in a report that has no end; run --resume goes on`;
  }
  if (unplaced.size > 0) {
    const [first] = unplaced;
    yield `Left out: ${unplaced.size} conditions that no report of the plan has, such as ${first}`;
  }
}
