/**
 * Sides of a comparison that are releases of one implementation. Programs of others are fresh
 * processes at each run, so this process measures them itself, and costs them nothing. What is
 * embedded is measured by a fresh process of this program.
 *
 * @module
 */
import { fileURLToPath } from "node:url";
import { type Command, Option } from "commander";
import { ClockError, gridMetrics, type Metric, SideError } from "../bench/mod.ts";
import { STRENGTH } from "../selection.ts";
import { type Measurement, type MeasureOptions, measurementOf } from "./bench_measure.ts";
import { processSide, type Side, type SideRun, startings } from "./bench_side.ts";
import { integer } from "./choice.ts";
import { UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Session } from "./session.ts";

export interface ReleaseOptions {
  readonly implementation: string;
  readonly where: readonly string[];
  readonly most: number;
  readonly passes: number;
  readonly clock: keyof typeof CLOCKS;
}

/** Which times of programs count. */
const CLOCKS = {
  processor: (metric: Metric) => isTimed(metric) && metric.metric.startsWith("processor "),
  wall: (metric: Metric) => isTimed(metric) && !metric.metric.startsWith("processor "),
};

interface Input extends ReleaseOptions {
  readonly a: string;
  readonly b: string;
  /** Seconds of a run. */
  readonly timeout: number;
  readonly seed: number;
}

type Sides = Readonly<Record<"a" | "b", Side>>;

/** The folder of this program. */
const PROGRAM = fileURLToPath(new URL("../../", import.meta.url));

/** Of a run: code that has run often is the same in each process, and loads take long. */
const EMBEDDED_PASSES = 20;
const PASSES = 2;

export function addReleases(command: Command): Command {
  return command
    .option("--implementation <name>", "compare releases of it: --a and --b are their names")
    .option("--where <query>", "of releases: conditions with these factors (repeatable)", more, [])
    .option("--most <number>", "of releases: conditions of a run", integer("--most", 1, 1_000), 1)
    .option(
      "--passes <number>",
      "of releases: how often a run saves and loads; the best counts",
      integer("--passes", 1, 1_000),
      PASSES,
    )
    .addOption(
      new Option("--clock <name>", "of releases: what they compute, or how long they take")
        .choices(Object.keys(CLOCKS))
        .default("processor"),
    );
}

function more(text: string, before: readonly string[]): readonly string[] {
  return [...before, text];
}

/** Both releases, each saved by itself and restored into itself, in the same conditions. */
export async function releaseSides(input: Input, session: Session): Promise<Sides> {
  const { adapter, space } = await session.implementation(input.implementation);
  for (const name of [input.a, input.b]) demandName("release", name, space.releases);
  const why = adapter.absent?.(input.a) ?? adapter.absent?.(input.b);
  if (why !== undefined) throw new UsageError(`Cannot compare as there must be both: ${why}`);
  const [a, b] = [
    await measuredSide(input.a, input, session),
    await measuredSide(input.b, input, session),
  ];
  if (a.settings.join() !== b.settings.join()) {
    throw new UsageError(
      "Cannot compare as both must have the conditions that --where names: " +
        `current value is ${a.settings[0]} and ${b.settings[0]}`,
    );
  }
  if (adapter.rigsAtOnce !== undefined) return { a, b };
  return {
    a: await freshSide(input.a, input, session),
    b: await freshSide(input.b, input, session),
  };
}

interface MeasuredSide extends Side {
  /** What its conditions are, besides their releases. */
  readonly settings: readonly string[];
}

/** A side whose programs are processes of their own. */
async function measuredSide(
  release: string,
  input: Input,
  session: Session,
): Promise<MeasuredSide> {
  const { implementation, where, most, passes, timeout } = input;
  const options: MeasureOptions = {
    ...{ implementation, most, passes, budget: timeout, quiet: true },
    ...{ where: [...where, ...both(release)], paths: ["pairs"] },
    ...{ strength: STRENGTH, conditions: most, seed: input.seed },
  };
  const each = await measurementOf([], { ...options, uncounted: true }, session);
  const once = await measurementOf([], { ...options, passes: 1 }, session);
  return {
    settings: each.names.map((name) => name.split(" ").slice(1).join(" ")),
    each: async (run, _, signal) => timesOf(await metricsOf(each, run, signal), input.clock),
    // What it needs to be started is then read already.
    once: async (run, _, signal) => (await metricsOf(once, run, signal)).filter(isExact),
  };
}

const both = (release: string) => [`writer=${release}`, `reader=${release}`];
const isTimed = ({ class: kind }: Metric) => kind === "timed";
const isExact = ({ class: kind }: Metric) => kind === "exact";

function timesOf(metrics: readonly Metric[], clock: Input["clock"]): readonly Metric[] {
  const times = metrics.filter(CLOCKS[clock]);
  if (times.length > 0) return times;
  throw new SideError("Cannot compare as somebody must count what programs compute: --clock wall");
}

async function metricsOf(
  measurement: Measurement,
  [side]: SideRun,
  signal: AbortSignal,
): Promise<readonly Metric[]> {
  const { result, rows } = await measurement.run(signal).catch((error: unknown) => {
    throw error instanceof ClockError ? new SideError(`${error.message} (side ${side})`) : error;
  });
  const [failure] = result.failures;
  if (failure !== undefined) {
    const { name, verdict, reason } = failure;
    throw new SideError(`Cannot compare as side ${side} is ${verdict}: ${name}: ${reason}`);
  }
  if (!result.complete) throw new SideError(`Cannot compare as side ${side} does not end in time`);
  return gridMetrics(rows);
}

/** A side that runs in the process that measures it: a new one each time. */
async function freshSide(release: string, input: Input, session: Session): Promise<Side> {
  const { implementation, where, most } = input;
  const words = [
    ...["bench", "grid", "--lines", "--implementation", implementation, "--paths", "pairs"],
    ...[...where, ...both(release)].flatMap((query) => ["--where", query]),
    ...["--most", `${most}`, "--passes", `${EMBEDDED_PASSES}`, "--seed", `${input.seed}`],
  ];
  const measures = { each: [{ words, plain: true }], once: [] } as const;
  return processSide(await startings(PROGRAM, measures, session.product.pack));
}
