/**
 * `freezethaw report`: renders the report of an earlier run.
 *
 * @module
 */
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { redacted } from "../redact.ts";
import { withTexts } from "../report_texts.ts";
import { cutTo, sizeOf } from "./artifact_size.ts";
import { collect } from "./choice.ts";
import { opened } from "./earlier_run.ts";
import { UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import { demandWritable, outputPath, printRendered, writeRendered } from "./output_files.ts";
import { reporterOf } from "./run_outcome.ts";
import type { Session } from "./session.ts";

interface ReportOptions {
  readonly from: string;
  readonly reporter: readonly string[];
  readonly out?: string;
  readonly baseline?: string;
  readonly maxArtifactSize?: number;
  readonly redact?: true;
  readonly trend: readonly string[];
}

export function addReport(program: Command, session: Session): void {
  program
    .command("report")
    .description("render the report of an earlier run")
    .option("--from <file>", "NDJSON that a run wrote", "reports/run.ndjson")
    .addOption(
      new Option("--reporter <names>", "reporters, with commas")
        .argParser((text) => text.split(","))
        .default(["terminal"], "terminal"),
    )
    .option("--out <directory>", "write files there in place of standard output")
    .option("--baseline <file>", "NDJSON of another run, to compare with: see reporter change")
    .option(
      "--trend <file>",
      "NDJSON of a run before it, for the page, oldest first (repeatable)",
      collect,
      [],
    )
    .option("--redact", "leave out paths of machines and secrets of common shapes")
    .option("--max-artifact-size <size>", "what --out may have, such as 50M", sizeOf)
    .action((options: ReportOptions) => render(options, session));
}

async function render(options: ReportOptions, session: Session): Promise<void> {
  const { from, reporter, out, baseline, maxArtifactSize, redact, trend } = options;
  const { reporters } = session.product;
  const names = reporter.map((name) => demandName("reporter", name, Object.keys(reporters)));
  const compared = baseline === undefined ? {} : { baseline: opened(baseline) };
  const earlier = trend.length === 0 ? {} : { earlier: trend.map(opened) };
  const whole = { ...opened(from), ...compared, ...earlier };
  const report = redact ? withTexts(whole, redacted) : whole;
  const paths = out === undefined ? [] : names.flatMap((name) => outputPath(out, name) ?? []);
  if (paths.some((path) => resolve(path) === resolve(from))) {
    throw new UsageError(`Cannot render ${from} as it must not be overwritten while it is read`);
  }
  if (out !== undefined) demandWritable(out, paths);
  for (const name of names) reporterOf(name, session)?.announce?.(report);
  for (const name of names) {
    const chosen = reporterOf(name, session);
    if (chosen === undefined) continue;
    const path = out === undefined ? undefined : outputPath(out, name);
    if (path === undefined) await printRendered(session.shell, chosen, report);
    else writeRendered(path, chosen, report);
  }
  if (out === undefined || maxArtifactSize === undefined) return;
  for (const text of cutTo(out, maxArtifactSize)) session.shell.tell(`${text}\n`);
}
