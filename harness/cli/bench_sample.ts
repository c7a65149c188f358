/**
 * `freezethaw bench sample`: what one process measures of an implementation.
 *
 * @module
 */
import type { Command } from "commander";
import { evenly, type SampleInput, sample } from "../bench/mod.ts";
import { Run } from "../run.ts";
import { addChoice, choose, integer } from "./choice.ts";
import { chosenImplementation, type ImplementationOptions } from "./chosen.ts";
import { addOutside } from "./outside.ts";
import type { Session } from "./session.ts";

interface SampleOptions extends ImplementationOptions {
  readonly implementation?: string;
  readonly passes: number;
  readonly most: number;
}

/** Conditions of a pass: enough for all releases, and few enough for a process that starts anew. */
const CONDITIONS = 25;
const PASSES = 5;

export function addSample(bench: Command, session: Session): void {
  const command = bench
    .command("sample")
    .description("measure in one process, and print a metric a line as JSON")
    .option("--implementation <name>", "what to measure")
    .option(
      "--most <number>",
      "conditions, evenly over the plan",
      integer("--most", 1, 10_000),
      CONDITIONS,
    )
    .option("--passes <number>", "the best counts of times", integer("--passes", 1, 1_000), PASSES);
  addOutside(addChoice(command)).action(async (patterns: string[], options: SampleOptions) => {
    for (const metric of await sample(await sampleInput(patterns, options, session))) {
      await session.shell.write(`${JSON.stringify(metric)}\n`);
    }
  });
}

async function sampleInput(
  patterns: readonly string[],
  options: SampleOptions,
  session: Session,
): Promise<SampleInput> {
  const { seed, passes, most } = options;
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
    async *run(adapter, planned) {
      const run = new Run({ adapter, space, seed, ...claims });
      await using walk = run.walk();
      yield* walk.along(planned);
    },
    planned: evenly([...chosen.plan.conditions()], most),
    passes,
    now: () => performance.now(),
    ...(format === undefined
      ? {}
      : { decode: ({ writer, bytes }) => format.decodeState(writer.release, bytes) }),
  };
}
