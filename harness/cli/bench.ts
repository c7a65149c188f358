/**
 * `freezethaw bench`: what saving and restoring cost, and which of two sides costs more.
 *
 * @module
 */
import { type Command, Option } from "commander";
import { type ComparisonState, compare, SideError, type SideName } from "../bench/mod.ts";
import { addGrid } from "./bench_grid.ts";
import { addSample } from "./bench_sample.ts";
import { runSide, startings } from "./bench_side.ts";
import { comparisonJson, comparisonText, progressText } from "./bench_text.ts";
import { addTrend } from "./bench_trend.ts";
import { integer } from "./choice.ts";
import { EXIT_ADAPTER, EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK, EXIT_UNKNOWN } from "./exit.ts";
import { percent } from "./percent.ts";
import { seconds } from "./seconds.ts";
import type { Session } from "./session.ts";

interface CompareOptions {
  readonly a: string;
  readonly b: string;
  readonly budget: number;
  readonly floor: number;
  readonly allow: number;
  readonly timeout: number;
  readonly seed: number;
  readonly json?: true;
}

/** What of a build measures itself. */
const MEASURES = {
  each: [["bench", "sample", "--clock", "processor"]],
  once: [["bench", "sample", "--exact"]],
};

export function addBench(program: Command, session: Session): void {
  const bench = program.command("bench").description("measure what saving and restoring cost");
  addGrid(bench, session);
  addTrend(bench, session);
  addSample(bench, session);
  bench
    .command("compare")
    .description(
      "decide between two sides, in turns on this machine: a folder with another build, " +
        "or a command that prints a metric a line, as `bench sample` does",
    )
    .requiredOption("--a <side>", "what is compared with")
    .requiredOption("--b <side>", "what may have become slower")
    .addOption(
      new Option("--budget <time>", "no more blocks after that")
        .argParser(seconds)
        .default(90, "90s"),
    )
    .option("--floor <percent>", "what is no change of a time", percent("--floor", 0.1), 0.02)
    .option("--allow <percent>", "what exact metrics may grow by", percent("--allow", 0), 0)
    .option("--timeout <time>", "after that a run of a side hangs", seconds, 60)
    .option("--seed <number>", "seed of the order of runs", integer("--seed", 0, 0xffffffff), 1)
    .option("--json", "print the result as JSON")
    .action(async (options: CompareOptions) => {
      session.exitCode = await compareSides(options, session);
    });
}

async function compareSides(options: CompareOptions, session: Session): Promise<number> {
  const { shell } = session;
  const { floor, allow, seed, budget, timeout } = options;
  const { pack } = session.product;
  const commands = {
    a: await startings(options.a, MEASURES, pack),
    b: await startings(options.b, MEASURES, pack),
  };
  const stop = new AbortController();
  using _ = shell.onInterrupt(() => stop.abort());
  const end = performance.now() + budget * 1000;
  const started = (when: "each" | "once") => (side: SideName) =>
    runSide(commands[side === "b" ? "b" : "a"][when], side, timeout * 1000, stop.signal);
  const [run, runOnce] = [started("each"), started("once")];
  const isOver = () => performance.now() >= end;
  let last: ComparisonState = { blocks: 0, exact: [], only: { a: [], b: [] }, timed: [] };
  let broken: string | undefined;
  try {
    for await (const state of compare({ run, runOnce, isOver, seed, floor, budget: allow })) {
      last = state;
      if (shell.progress) shell.tell(`\r\u001b[K${progressText(state)}`);
    }
  } catch (error) {
    if (!(error instanceof SideError)) throw error;
    if (!stop.signal.aborted) broken = error.message;
  } finally {
    if (shell.progress) shell.tell("\r\u001b[K");
  }
  if (options.json) await session.print(comparisonJson(last, options), true);
  else await shell.write(comparisonText(last, options));
  if (broken !== undefined) shell.tell(`${broken}\n`);
  if (stop.signal.aborted) return EXIT_INTERRUPTED;
  return broken === undefined ? exitCodeOf(last) : EXIT_ADAPTER;
}

function exitCodeOf({ exact, timed }: ComparisonState): number {
  const verdicts = new Set([...exact, ...timed].map(({ verdict }) => verdict));
  if (verdicts.has("regression")) return EXIT_FINDING;
  return verdicts.has("inconclusive") || verdicts.has("refused") ? EXIT_UNKNOWN : EXIT_OK;
}
