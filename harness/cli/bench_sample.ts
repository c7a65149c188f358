/**
 * `freezethaw bench sample`: what one process measures of an implementation.
 *
 * @module
 */
import { type Command, Option } from "commander";
import { evenly, type SampleInput, sample } from "../bench/mod.ts";
import { Run } from "../run.ts";
import { addChoice, choose, integer } from "./choice.ts";
import { chosenImplementation, type ImplementationOptions } from "./chosen.ts";
import { addOutside } from "./outside.ts";
import { percent } from "./percent.ts";
import { metricLines, processorMetric, processorMs } from "./printed_metrics.ts";
import type { Session } from "./session.ts";

interface SampleOptions extends ImplementationOptions {
  readonly implementation?: string;
  readonly passes?: number;
  readonly most?: number;
  readonly exact?: true;
  readonly clock: keyof typeof CLOCKS;
  readonly slower: number;
}

/**
 * One condition and as many passes as a process of 0.4 s has time for: code that has run often is
 * the same in each process, and what is seldom run is what the runtime makes of it first.
 */
const CONDITIONS = 1;
const PASSES = 20;
/** Conditions whose exact metrics are taken, in one pass. */
const EXACT_CONDITIONS = 200;

/** What others do on this machine lengthens wall time; processor time is of this process alone. */
const CLOCKS = { wall: () => performance.now(), processor: processorMs };

export function addSample(bench: Command, session: Session): void {
  const command = bench
    .command("sample")
    .description("measure in one process, and print a metric a line as JSON")
    .option("--implementation <name>", "what to measure")
    .option(
      "--most <number>",
      `conditions, evenly over the plan (default: ${CONDITIONS}, or ${EXACT_CONDITIONS})`,
      integer("--most", 1, 10_000),
    )
    .option(
      "--passes <number>",
      `the best counts of times (default: ${PASSES})`,
      integer("--passes", 1, 1_000),
    )
    .addOption(
      new Option("--clock <name>", "processor time counts only what runs in this process")
        .choices(Object.keys(CLOCKS))
        .default("wall"),
    )
    .option("--exact", "only what is the same each time, of many conditions")
    .option("--slower <percent>", "be slower, to see that it is found", percent("--slower", 0), 0);
  addOutside(addChoice(command)).action(async (patterns: string[], options: SampleOptions) => {
    const metrics = await sample(await sampleInput(patterns, options, session));
    const all = [...metrics, processorMetric("processor")];
    const shown = options.exact ? all.filter((each) => each.class === "exact") : all;
    await session.shell.write(metricLines(shown));
  });
}

async function sampleInput(
  patterns: readonly string[],
  options: SampleOptions,
  session: Session,
): Promise<SampleInput> {
  const { seed, exact = false } = options;
  const { most = exact ? EXACT_CONDITIONS : CONDITIONS, passes = exact ? 1 : PASSES } = options;
  const implementation = await chosenImplementation(options, session);
  const paths = options.paths.includes("all") ? ["pairs"] : options.paths;
  const chosen = choose(implementation, patterns, { ...options, paths });
  const { adapter, space, codec } = implementation;
  const format = session.product.formats[codec];
  // One claim takes machines along their path. Oracles would restore them more than once.
  const scenarios = patterns.length === 0 ? chosen.scenarios.slice(0, 1) : chosen.scenarios;
  const claims = { ...chosen, scenarios, oracles: [], expectations: [] };
  return {
    adapter,
    open(adapter) {
      const run = new Run({ adapter, space, seed, ...claims });
      return async function* (one) {
        await using walk = run.walk();
        yield* walk.along([one]);
      };
    },
    planned: evenly([...chosen.plan.conditions()], most),
    passes,
    slower: options.slower,
    now: CLOCKS[options.clock],
    ...(format === undefined
      ? {}
      : { decode: ({ writer, bytes }) => format.decodeState(writer.release, bytes) }),
  };
}
