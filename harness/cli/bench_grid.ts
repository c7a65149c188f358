/**
 * `freezethaw bench grid`: what saving and restoring cost, by writer, reader and configuration.
 *
 * @module
 */
import { join } from "node:path";
import { type Command, Option } from "commander";
import { costChanges, type GridResult, gridMetrics, gridPage } from "../bench/mod.ts";
import { changesText, gridText } from "./bench_grid_text.ts";
import {
  CONDITIONS,
  type MeasureOptions,
  measurementOf,
  PROGRAM_CONDITIONS,
} from "./bench_measure.ts";
import {
  baselineFor,
  keepMeasurement,
  type NamedResult,
  resultsOf,
  trendFor,
} from "./bench_results.ts";
import { addChoice, integer } from "./choice.ts";
import { EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK, EXIT_UNKNOWN } from "./exit.ts";
import { demandHistory } from "./history.ts";
import { demandWritable, writePieces } from "./output_files.ts";
import { addOutside } from "./outside.ts";
import { metricLines } from "./printed_metrics.ts";
import type { Json } from "./product.ts";
import { seconds } from "./seconds.ts";
import type { Session } from "./session.ts";

interface GridOptions extends MeasureOptions {
  readonly out: string;
  readonly history?: string;
  readonly baseline?: string;
  readonly json?: true;
  readonly lines?: true;
}

const PASSES = 3;
/** What is left in the folder of results. */
const PAGE_FILE = "bench.html";
const RESULT_FILE = "bench.json";

export function addGrid(bench: Command, session: Session): void {
  const command = bench
    .command("grid", { isDefault: true })
    .description("measure what saving and restoring cost, by writer, reader and configuration")
    .option("--implementation <name>", "what to measure")
    .option(
      "--most <number>",
      `conditions, evenly (default: ${CONDITIONS}, of programs ${PROGRAM_CONDITIONS})`,
      integer("--most", 1, 1_000_000),
    )
    .option("--passes <number>", "how often it is timed", integer("--passes", 1, 1_000), PASSES)
    .addOption(
      new Option("--budget <time>", "no more conditions after that")
        .argParser(seconds)
        .default(300, "5m"),
    )
    .option("--out <directory>", "where the page and the result go", "reports")
    .option("--history <file>", "keep the result in this SQLite file, and show what was before")
    .option("--baseline <result>", "compare exact costs with a bench.json, or FILE#N of a history")
    .option("--lines", "print a metric a line instead, and leave no files: a side of a comparison")
    .option("--json", "print the result as JSON");
  addOutside(addChoice(command)).action(async (patterns: string[], options: GridOptions) => {
    const print = options.lines ? printLines : printGrid;
    session.exitCode = await print(patterns, options, session);
  });
}

/** What `bench compare` reads. Hops that do not come up are no side that can be compared. */
async function printLines(
  patterns: readonly string[],
  options: GridOptions,
  session: Session,
): Promise<number> {
  const stop = new AbortController();
  using _ = session.shell.onInterrupt(() => stop.abort());
  const measurement = await measurementOf(patterns, options, session);
  const { result, rows } = await measurement.run(stop.signal);
  await session.shell.write(metricLines(gridMetrics(rows)));
  const [failure] = result.failures;
  if (failure !== undefined) session.shell.tell(`${failure.name}: ${failure.reason}\n`);
  if (stop.signal.aborted) return EXIT_INTERRUPTED;
  return result.complete && rows.length > 0 ? EXIT_OK : EXIT_UNKNOWN;
}

async function printGrid(
  patterns: readonly string[],
  options: GridOptions,
  session: Session,
): Promise<number> {
  const { shell } = session;
  const { history, out } = options;
  const stop = new AbortController();
  using _ = shell.onInterrupt(() => stop.abort());
  const [page, file] = [join(out, PAGE_FILE), join(out, RESULT_FILE)];
  demandWritable(out, [page, file]);
  if (history !== undefined) await demandHistory(history);
  const measurement = await measurementOf(patterns, options, session);
  const { header } = measurement;
  const baseline =
    options.baseline === undefined ? undefined : await baselineFor(options.baseline, header);
  const before = history === undefined ? [] : await resultsOf(history);
  const { result, rows } = await measurement.run(stop.signal);
  const text = `${JSON.stringify(result)}\n`;
  writePieces(file, [text]);
  const others = baseline === undefined ? before : [baseline, ...before];
  writePieces(page, gridPage(result, rows, trendFor(result, others)));
  shell.tell(`Results: ${page}, ${file}\n`);
  if (history !== undefined) shell.tell(`${await keepMeasurement(text, history)}\n`);
  if (options.json) await session.print(result as unknown as Json, true);
  else await shell.write(gridText(result));
  if (stop.signal.aborted) return EXIT_INTERRUPTED;
  return baseline === undefined ? EXIT_OK : compared(baseline, result, session);
}

/** Tells how exact costs changed, beside the result itself. */
function compared({ name, costs }: NamedResult, result: GridResult, { shell }: Session): number {
  const changes = costChanges(costs, result.costs);
  shell.tell(changesText(name, changes));
  return changes.some(({ verdict }) => verdict === "regression") ? EXIT_FINDING : EXIT_OK;
}
