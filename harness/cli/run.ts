/**
 * `freezethaw run`: runs the plan, or the chosen part of it, and reports.
 *
 * @module
 */
import { availableParallelism } from "node:os";
import { type Command, Option } from "commander";
import type { Report } from "../report.ts";
import { openReport } from "../report_file.ts";
import { cutTo, sizeOf } from "./artifact_size.ts";
import { carryOut } from "./carry_out.ts";
import { addChoice, choose, collect, integer } from "./choice.ts";
import { chosenImplementation, narrowed } from "./chosen.ts";
import { day } from "./day.ts";
import { huntDefects } from "./defects.ts";
import { failedConditions } from "./earlier_run.ts";
import { EXIT_INTERRUPTED, UsageError } from "./exit.ts";
import { withExpectations } from "./expectations.ts";
import { makeRoomAfter } from "./heap.ts";
import { keepRun } from "./history.ts";
import { demandName } from "./nearest.ts";
import { outputPath, printRendered, RUN_FILE, writeRendered } from "./output_files.ts";
import { addOutside } from "./outside.ts";
import { replay } from "./replay.ts";
import type { RunOptions } from "./run_options.ts";
import { exitCodeOf, isSilent, REPORTERS, reporterOf } from "./run_outcome.ts";
import { runSummary } from "./run_summary.ts";
import type { Session } from "./session.ts";
import { ownPart, shardGiven } from "./sharding.ts";

/** Two processors are often two threads of one core, which this work keeps busy alone. */
const JOBS = Math.max(1, Math.floor(availableParallelism() / 2));
export function addRun(program: Command, session: Session): void {
  const command = program
    .command("run")
    .description("run the conformance grid and write reports")
    .option("--implementation <name>", "what to run")
    .option("--only-failed", "only conditions that surprised in the last run")
    .option("--only-known", "only some conditions of each entry of what is known to break")
    .option("--replay <token>", "only the cell of a token, with its transcript")
    .option("--defects [names...]", "give every release real bugs, one by one: who notices?")
    .option(
      "--file <path>",
      "a captured saved state as what the first hop saves; say with --where what it is of",
    )
    .option(
      "--file-release <release>",
      "the release that wrote it; else the one of --where writer=",
    )
    .option("--device-sets <path>", "other sets of devices: a list of {name, args} as JSON")
    .option("--binary <name=path>", "one more release, by its program (repeatable)", collect, [])
    .addOption(
      new Option("--reporter <names>", "reporters, with commas")
        .argParser((text) => text.split(","))
        .default(REPORTERS, REPORTERS.join(",")),
    )
    .option("--out <directory>", "where reports go", "reports")
    .option("--jobs <number>", "threads that share a long run", integer("--jobs", 1, 999), JOBS)
    .option(
      "--expectations <file>",
      "more of what is known to fail: a list as JSON, or a module with one (repeatable)",
      collect,
      [],
    )
    .option(
      "--today <day>",
      "the day on which expectations expire; else that of the clock",
      day("--today"),
    )
    .option("--history <file>", "add the run to this history, a SQLite file")
    .option("--json", "print the summary as JSON")
    .option("--resume", "go on with an interrupted run")
    .option("--shard <k/n>", "only one of n parts of the plan; see merge", shardGiven)
    .option("--times <file>", "an earlier report, or its times, by which shards are balanced")
    .option(
      "--retries <number>",
      "run what surprises so often again; it remains a surprise, and is flaky if that differs",
      integer("--retries", 0, 99),
      0,
    )
    .option(
      "--attempts <number>",
      "run everything so often; where that differs, cells are flaky and say how often",
      integer("--attempts", 1, 99),
      1,
    )
    .option("--fail-fast", "stop at the first surprise")
    .option("--redact", "leave out paths of machines and secrets of common shapes")
    .option("--max-artifact-size <size>", "what --out may have, such as 50M", sizeOf);
  addOutside(addChoice(command)).action(async (patterns: string[], options: RunOptions) => {
    session.exitCode = await whatIsAsked(patterns, options, session);
  });
}

function whatIsAsked(
  patterns: readonly string[],
  options: RunOptions,
  session: Session,
): Promise<number> {
  const { replay: token, defects } = options;
  if (token !== undefined) return replayAlone(token, patterns, options, session);
  if (defects === undefined) return run(patterns, options, session);
  return huntAlone(defects === true ? [] : defects, patterns, options, session);
}

/** A token says all there is to choose. */
function replayAlone(
  token: string,
  patterns: readonly string[],
  options: RunOptions,
  session: Session,
): Promise<number> {
  if (patterns.length > 0 || choosesMore(options)) {
    throw new UsageError("Cannot run as --replay leaves nothing to choose: current value is more");
  }
  return replay(token, options, session);
}

/** Each defect has conditions of its own; patterns say who looks at them. */
function huntAlone(
  names: readonly string[],
  patterns: readonly string[],
  options: RunOptions,
  session: Session,
): Promise<number> {
  if (choosesMore(options) || options.file !== undefined) {
    throw new UsageError(
      "Cannot run as --defects has conditions of its own: current value is more",
    );
  }
  return huntDefects(names, patterns, options, session);
}

function choosesMore(options: RunOptions): boolean {
  const { where, paths, onlyFailed, onlyKnown, resume, shard } = options;
  const narrows = where.length > 0 || paths.join() !== "all" || shard !== undefined;
  return narrows || onlyFailed === true || onlyKnown === true || resume === true;
}

async function run(
  patterns: readonly string[],
  options: RunOptions,
  session: Session,
): Promise<number> {
  const { shell, product } = session;
  const names = options.reporter.map((name) =>
    demandName("reporter", name, Object.keys(product.reporters)),
  );
  if (options.onlyFailed && options.onlyKnown) {
    throw new UsageError("Cannot run as --only-failed and --only-known exclude each other");
  }
  if (options.onlyFailed && options.resume) {
    throw new UsageError("Cannot run as --only-failed and --resume exclude each other");
  }
  const runPath = outputPath(options.out, "ndjson") ?? RUN_FILE;
  const own = await chosenImplementation(options, session);
  const implementation = await withExpectations(own, options.expectations);
  const onlyFailed = options.onlyFailed ? failedConditions(runPath) : undefined;
  const plan = choose(implementation, patterns, narrowed(options), onlyFailed);
  const chosen = await ownPart(plan, options);
  const paths = names.flatMap((name) => outputPath(options.out, name) ?? []);
  const files = [...new Set([runPath, ...paths])];
  const isOwn = own !== (await session.implementation(options.implementation));
  const of = { implementation, chosen, patterns, isOwn, isMore: implementation !== own };
  const stopped = await carryOut(of, files, runPath, options, session);
  if (stopped === "interrupted") return EXIT_INTERRUPTED;
  const report = openReport(runPath);
  makeRoomAfter(report.end?.conditions ?? 0);
  if (options.history !== undefined) shell.tell(`${await keepRun(runPath, options.history)}\n`);
  const exitCode = exitCodeOf(report);
  if (isSilent(report)) shell.tell("Nothing was asked: every cell is unsupported\n");
  // Nobody may be there to read what is printed; the files and the exit code come first.
  session.exitCode = exitCode;
  const prints = (name: string) => Number(outputPath(options.out, name) === undefined);
  const filesFirst = names.toSorted((a, b) => prints(a) - prints(b));
  for (const name of filesFirst) reporterOf(name, session)?.announce?.(report);
  for (const name of filesFirst) await render(name, report, options, session);
  if (options.maxArtifactSize !== undefined) {
    for (const text of cutTo(options.out, options.maxArtifactSize)) shell.tell(`${text}\n`);
  }
  if (options.json) await session.print(runSummary(report, chosen, files, exitCode), true);
  else await shell.write(`Reports: ${files.join(", ")}\n`);
  return exitCode;
}

async function render(
  name: string,
  report: Report,
  options: RunOptions,
  session: Session,
): Promise<void> {
  const path = outputPath(options.out, name);
  const reporter = reporterOf(name, session);
  // The NDJSON file is what all others are made from.
  if (reporter === undefined || name === "ndjson") return;
  if (path !== undefined) writeRendered(path, reporter, report);
  else if (!options.json) await printRendered(session.shell, reporter, report);
}
