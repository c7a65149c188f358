/**
 * `freezethaw bench grid`: what saving and restoring cost, by writer, reader and configuration.
 *
 * @module
 */
import { join } from "node:path";
import { type Command, Option } from "commander";
import {
  ClockError,
  costsOf,
  evenly,
  failuresOf,
  GRID_SCHEMA,
  GRID_TYPE,
  Grid,
  type GridInput,
  type GridResult,
  type GridRow,
  gridPage,
  thisMachine,
} from "../bench/mod.ts";
import { Run } from "../run.ts";
import { scenario, suite } from "../scenario.ts";
import { gridText } from "./bench_grid_text.ts";
import { addChoice, choose, integer } from "./choice.ts";
import { chosenImplementation, type ImplementationOptions } from "./chosen.ts";
import { EXIT_HARNESS, EXIT_INTERRUPTED, EXIT_OK } from "./exit.ts";
import { demandWritable, writePieces } from "./output_files.ts";
import { addOutside } from "./outside.ts";
import type { Implementation, Json } from "./product.ts";
import { seconds } from "./seconds.ts";
import type { Session } from "./session.ts";

interface GridOptions extends ImplementationOptions {
  readonly implementation?: string;
  readonly passes: number;
  readonly most?: number;
  readonly budget: number;
  readonly out: string;
  readonly json?: true;
}

/** Conditions of models in this process; they take milliseconds. */
const CONDITIONS = 4_000;
/** Conditions of real programs; they take up to seconds. */
const PROGRAM_CONDITIONS = 50;
const PASSES = 3;
/** Conditions that warm this process up, where a model is in it. */
const WARM_UP = 100;
/** What is left in the folder of results. */
const PAGE_FILE = "bench.html";
const RESULT_FILE = "bench.json";

/** Whoever needs nothing of a machine is there wherever it is carried. */
const CARRIED = suite("bench", [
  scenario({
    name: "carried",
    must: "A machine comes to the end of its path.",
    source: "The performance grid, which measures what that costs.",
    needs: [],
    after() {},
  }),
]);

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
    .option("--json", "print the result as JSON");
  addOutside(addChoice(command)).action(async (patterns: string[], options: GridOptions) => {
    try {
      session.exitCode = await printGrid(patterns, options, session);
    } catch (error) {
      if (!(error instanceof ClockError)) throw error;
      session.shell.tell(`${error.message}\n`);
      session.exitCode = EXIT_HARNESS;
    }
  });
}

async function printGrid(
  patterns: readonly string[],
  options: GridOptions,
  session: Session,
): Promise<number> {
  const { shell } = session;
  const stop = new AbortController();
  using _ = shell.onInterrupt(() => stop.abort());
  const [page, file] = [PAGE_FILE, RESULT_FILE].map((name) => join(options.out, name)) as [
    string,
    string,
  ];
  demandWritable(options.out, [page, file]);
  const { result, rows } = await measured(patterns, options, session, stop.signal);
  writePieces(file, [`${JSON.stringify(result)}\n`]);
  writePieces(page, gridPage(result, rows, []));
  shell.tell(`Results: ${page}, ${file}\n`);
  if (options.json) await session.print(result as unknown as Json, true);
  else await shell.write(gridText(result));
  return stop.signal.aborted ? EXIT_INTERRUPTED : EXIT_OK;
}

async function measured(
  patterns: readonly string[],
  options: GridOptions,
  session: Session,
  signal: AbortSignal,
): Promise<{ result: GridResult; rows: readonly GridRow[] }> {
  const implementation = await chosenImplementation(options, session);
  const { input, selection } = planned(implementation, patterns, options, session);
  const end = performance.now() + options.budget * 1000;
  const grid = new Grid({ ...input, isOver: () => signal.aborted || performance.now() >= end });
  const { shell } = session;
  let passes = 0;
  for await (const state of grid.measure()) {
    passes = state.passes;
    if (!shell.progress) continue;
    shell.tell(`\r\u001b[Kpass ${passes + 1}: ${state.conditions} of ${input.planned.length}`);
  }
  if (shell.progress) shell.tell("\r\u001b[K");
  const { rows } = grid;
  const result: GridResult = {
    type: GRID_TYPE,
    schema: GRID_SCHEMA,
    version: session.product.version,
    machine: thisMachine(),
    implementation: implementation.space.implementation,
    releases: implementation.space.releases,
    seed: options.seed,
    selection,
    conditions: input.planned.length,
    passes,
    complete: passes === options.passes,
    costs: costsOf(rows),
    failures: failuresOf(grid.failures),
  };
  return { result, rows };
}

function planned(
  implementation: Implementation,
  patterns: readonly string[],
  options: GridOptions,
  session: Session,
): { input: Omit<GridInput, "isOver">; selection: readonly string[] } {
  const { adapter, space, codec } = implementation;
  const { seed, passes } = options;
  const paths = options.paths.includes("all") ? ["pairs"] : options.paths;
  const carried = { ...implementation, suites: [CARRIED], oracles: [] };
  const { plan, selection = [], ...claims } = choose(carried, patterns, { ...options, paths });
  const format = session.product.formats[codec];
  const isEmbedded = adapter.rigsAtOnce === undefined;
  const most = options.most ?? (isEmbedded ? CONDITIONS : PROGRAM_CONDITIONS);
  const conditions = evenly([...plan.conditions()], most);
  const input = {
    adapter,
    axes: space.axes,
    async *run(adapter: GridInput["adapter"], planned: GridInput["planned"]) {
      const run = new Run({ adapter, space, seed, plan, ...claims, expectations: [] });
      await using walk = run.walk();
      yield* walk.along(planned);
    },
    planned: conditions,
    warmUp: isEmbedded ? evenly(conditions, WARM_UP) : [],
    passes,
    clocks: { now: () => performance.now(), own: processorMs },
    ...(format === undefined
      ? {}
      : { decode: ({ writer, bytes }) => format.decodeState(writer.release, bytes) }),
  } satisfies Omit<GridInput, "isOver">;
  return { input, selection };
}

/** Processor time of this process. */
function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
