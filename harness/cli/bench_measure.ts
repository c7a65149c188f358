/**
 * What `freezethaw bench grid` measures: conditions of a plan, each of which carries a machine
 * along its path and asks nothing of it.
 *
 * @module
 */
import {
  costsOf,
  failuresOf,
  GRID_SCHEMA,
  GRID_TYPE,
  Grid,
  type GridInput,
  type GridResult,
  type GridRow,
  spread,
  thisMachine,
} from "../bench/mod.ts";
import { Run } from "../run.ts";
import { scenario, suite } from "../scenario.ts";
import { decoderOf } from "./bench_decoder.ts";
import { choose } from "./choice.ts";
import { chosenImplementation, type ImplementationOptions } from "./chosen.ts";
import { processorMs } from "./printed_metrics.ts";
import type { Implementation } from "./product.ts";
import { programTimes } from "./program_times.ts";
import type { Session } from "./session.ts";

export interface MeasureOptions extends ImplementationOptions {
  readonly implementation?: string;
  readonly passes: number;
  readonly most?: number;
  readonly budget: number;
  /** One of many: it tells no progress. */
  readonly quiet?: true;
  /** Values in saved states are not counted, which takes longer than most saves. */
  readonly uncounted?: true;
}

/** Conditions of models in this process; they take milliseconds. */
export const CONDITIONS = 4_000;
/** Conditions of real programs; they take up to seconds. */
export const PROGRAM_CONDITIONS = 50;
/** Conditions that warm this process up, where a model is in it. */
const WARM_UP = 100;

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

/** What is going to be measured, and what is known of it before. */
export interface Measurement {
  readonly header: Omit<GridResult, "passes" | "complete" | "costs" | "failures">;
  /** Names of its conditions. */
  readonly names: readonly string[];
  /** Measures until `signal` says stop, or the budget ends. */
  run(signal: AbortSignal): Promise<{ result: GridResult; rows: readonly GridRow[] }>;
}

/** Plans a measurement of what `patterns` and `options` choose. */
export async function measurementOf(
  patterns: readonly string[],
  options: MeasureOptions,
  session: Session,
): Promise<Measurement> {
  const implementation = await chosenImplementation(options, session);
  const { input, selection } = planned(implementation, patterns, options, session);
  const { implementation: name, releases } = implementation.space;
  const header = {
    type: GRID_TYPE,
    schema: GRID_SCHEMA,
    version: session.product.version,
    machine: thisMachine(),
    implementation: name,
    releases,
    seed: options.seed,
    selection: [...selection, `--most ${input.planned.length}`],
    conditions: input.planned.length,
  } as const;
  const names = input.planned.map(({ name }) => name);
  return { header, names, run: (signal) => measured({ input, header, options, session, signal }) };
}

async function measured({
  input,
  header,
  options,
  session: { shell },
  signal,
}: Pick<Measurement, "header"> & {
  readonly input: Omit<GridInput, "isOver">;
  readonly options: MeasureOptions;
  readonly session: Session;
  readonly signal: AbortSignal;
}): Promise<{ result: GridResult; rows: readonly GridRow[] }> {
  const end = performance.now() + options.budget * 1000;
  const grid = new Grid({ ...input, isOver: () => signal.aborted || performance.now() >= end });
  let passes = 0;
  for await (const state of grid.measure()) {
    passes = state.passes;
    if (!shell.progress || options.quiet) continue;
    shell.tell(`\r\u001b[Kpass ${passes + 1}: ${state.conditions} of ${input.planned.length}`);
  }
  if (shell.progress && !options.quiet) shell.tell("\r\u001b[K");
  const { rows } = grid;
  const [costs, failures] = [costsOf(rows), failuresOf(grid.failures)];
  const complete = passes === options.passes;
  return { result: { ...header, passes, complete, costs, failures }, rows };
}

function planned(
  implementation: Implementation,
  patterns: readonly string[],
  options: MeasureOptions,
  session: Session,
): { input: Omit<GridInput, "isOver">; selection: readonly string[] } {
  const { adapter, space } = implementation;
  const { seed, passes } = options;
  const paths = options.paths.includes("all") ? ["pairs"] : options.paths;
  const carried = { ...implementation, suites: [CARRIED], oracles: [] };
  const { plan, selection = [], ...claims } = choose(carried, patterns, { ...options, paths });
  const isEmbedded = adapter.rigsAtOnce === undefined;
  const most = options.most ?? (isEmbedded ? CONDITIONS : PROGRAM_CONDITIONS);
  const conditions = spread([...plan.conditions()], most);
  const input = {
    adapter,
    axes: space.axes,
    async *run(adapter: GridInput["adapter"], planned: GridInput["planned"]) {
      const run = new Run({ adapter, space, seed, plan, ...claims, expectations: [] });
      await using walk = run.walk();
      yield* walk.along(planned);
    },
    planned: conditions,
    warmUp: isEmbedded ? spread(conditions, WARM_UP) : [],
    passes,
    clocks: {
      now: () => performance.now(),
      own: processorMs,
      // An embedded one starts none, and is called too often to look for them.
      ...(isEmbedded ? {} : { programs: programTimes }),
    },
    ...(options.uncounted ? {} : { decode: decoderOf(session) }),
  } satisfies Omit<GridInput, "isOver">;
  return { input, selection };
}
