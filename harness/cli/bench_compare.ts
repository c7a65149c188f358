/**
 * `freezethaw bench compare`: which of two sides costs more, and whether that blocks a change.
 *
 * @module
 */
import { writeFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { type GateResult, gated, thisMachine } from "../bench/mod.ts";
import { addReleases, type ReleaseOptions, releaseSides } from "./bench_releases.ts";
import { type Measure, type Measures, processSide, type Side, startings } from "./bench_side.ts";
import { comparisonJson, comparisonText } from "./bench_text.ts";
import { integer } from "./choice.ts";
import { compared } from "./comparing.ts";
import { policyAt } from "./configured.ts";
import { day, dayNow } from "./day.ts";
import { EXIT_ADAPTER, EXIT_FINDING, EXIT_INTERRUPTED, EXIT_OK, EXIT_UNKNOWN } from "./exit.ts";
import { gateHtml, gateMarkdown } from "./gate_page.ts";
import { percent } from "./percent.ts";
import { seconds } from "./seconds.ts";
import type { Session } from "./session.ts";

const HOPS: Measure = { words: ["bench", "sample", "--clock", "processor"], plain: true };
const EXACT: Measure = { words: ["bench", "sample", "--exact"] };
const OWN: Measure = { words: ["bench", "own"] };
/** What of a build measures itself. */
export const MEASURES = {
  all: { each: [HOPS, OWN], once: [EXACT] },
  hops: { each: [HOPS], once: [EXACT] },
  own: { each: [OWN], once: [] },
};

export interface CompareOptions extends Partial<ReleaseOptions> {
  readonly a: string;
  readonly b: string;
  readonly budget: number;
  readonly floor: number;
  readonly band: number;
  readonly allow: number;
  readonly timeout: number;
  readonly seed: number;
  readonly measure: keyof typeof MEASURES;
  readonly config?: string;
  readonly today?: string;
  readonly slower: number;
  readonly keep?: string;
  readonly markdown?: string;
  readonly html?: string;
  readonly json?: true;
  /** What the sides are called, where their folders say little. */
  readonly names?: Readonly<Record<"a" | "b", string>>;
}

export function addCompare(bench: Command, session: Session): void {
  const command = bench
    .command("compare")
    .description(
      "decide between two sides, in turns on this machine: a folder with another build, " +
        "a command that prints a metric a line, as `bench sample` does, " +
        "or a release of --implementation",
    )
    .requiredOption("--a <side>", "what is compared with")
    .requiredOption("--b <side>", "what may have become slower");
  addReleases(addComparing(command, 90)).action(async (options: CompareOptions) => {
    session.exitCode = await compareSides(options, session);
  });
}

/** The options that say how sides are compared, and what is made of it. */
export function addComparing(command: Command, budget: number): Command {
  return command
    .addOption(
      new Option("--budget <time>", "no more blocks after that")
        .argParser(seconds)
        .default(budget, `${budget}s`),
    )
    .option("--floor <percent>", "times must change by more", percent("--floor", 0.1), 0.02)
    .option("--band <percent>", "the same is less, for certain", percent("--band", 0.1), 0.05)
    .option("--allow <percent>", "what exact metrics may grow by", percent("--allow", 0), 0)
    .option("--timeout <time>", "after that a run of a side hangs", seconds, 60)
    .option("--seed <number>", "seed of the order of runs", integer("--seed", 0, 0xffffffff), 1)
    .addOption(
      new Option("--measure <what>", "of builds: hops of machines, own code, or all of it")
        .choices(Object.keys(MEASURES))
        .default("all"),
    )
    .option("--config <file>", "which costs may not grow; else all of them")
    .option("--today <day>", "the day on which accepted regressions expire", day("--today"))
    .option("--slower <percent>", "make side b slower, a build", percent("--slower", 0), 0)
    .option("--keep <file>", "write what each run measured")
    .option("--markdown <file>", "write a summary for a forge")
    .option("--html <file>", "write a page")
    .option("--json", "print the result as JSON");
}

export async function compareSides(options: CompareOptions, session: Session): Promise<number> {
  const { shell } = session;
  const endMs = performance.now() + options.budget * 1000;
  const policy = await policyAt(options.config);
  const sides = await sidesOf(options, session);
  const { state, kept, broken, isInterrupted } = await compared(
    { ...options, sides, endMs },
    shell,
  );
  const { runtime } = thisMachine();
  const result = gated(state, policy, options.today ?? dayNow());
  if (options.json) await session.print(comparisonJson(state, result, options), true);
  else await shell.write(comparisonText(state, result, options));
  const { a, b } = options.names ?? options;
  const head = { a, b, blocks: state.blocks, runtime };
  if (options.keep !== undefined) writeFileSync(options.keep, kept.text(runtime, options.slower));
  if (options.markdown !== undefined) {
    writeFileSync(options.markdown, gateMarkdown(result, head));
  }
  if (options.html !== undefined) writeFileSync(options.html, gateHtml(result, head));
  if (broken !== undefined) shell.tell(`${broken}\n`);
  if (isInterrupted) return EXIT_INTERRUPTED;
  return broken === undefined ? exitCodeOf(result) : EXIT_ADAPTER;
}

type Sides = Readonly<Record<"a" | "b", Side>>;

async function sidesOf(options: CompareOptions, session: Session): Promise<Sides> {
  const { a, b } = options;
  if (isOfReleases(options)) return await releaseSides(options, session);
  const { pack } = session.product;
  const measures = MEASURES[options.measure];
  return {
    a: processSide(await startings(a, measures, pack)),
    b: processSide(await startings(b, slowed(measures, options.slower), pack)),
  };
}

function isOfReleases(options: CompareOptions): options is CompareOptions & ReleaseOptions {
  return options.implementation !== undefined;
}

/** What measures itself as slower than it is, to see that it is found. */
export function slowed({ each, once }: Measures, slower: number): Measures {
  if (slower === 0) return { each, once };
  const option = ["--slower", String(slower * 100)];
  return { each: each.map((it) => ({ ...it, words: [...it.words, ...option] })), once };
}

function exitCodeOf({ outcome }: GateResult): number {
  if (outcome === "blocked") return EXIT_FINDING;
  return outcome === "undecided" ? EXIT_UNKNOWN : EXIT_OK;
}
