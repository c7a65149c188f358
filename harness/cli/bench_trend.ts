/**
 * `freezethaw bench trend`: what metrics came to over stored results, whatever machine and version
 * they are of. Nothing is judged by it.
 *
 * @module
 */
import { Argument, type Command } from "commander";
import { GRID_SCHEMA, thisMachine, whyNoBaseline } from "../bench/mod.ts";
import { visible } from "../visible.ts";
import { type NamedResult, pointOf, resultsOf, type TrendPoint } from "./bench_results.ts";
import { EXIT_OK, UsageError } from "./exit.ts";
import { demandName } from "./nearest.ts";
import type { Json } from "./product.ts";
import type { Session } from "./session.ts";
import { textTable } from "./text_table.ts";

interface TrendOptions {
  readonly metric: string;
  readonly between?: string;
  readonly json?: true;
}

export function addTrend(bench: Command, session: Session): void {
  bench
    .command("trend")
    .description("show what metrics came to over stored results, of any machine and version")
    .addArgument(new Argument("<results...>", "bench.json files, or histories that keep results"))
    .option("--metric <names>", "metrics, with commas", "blackout,saved,hop")
    .option("--between <releases>", "writer and reader, 2505>main", "all hops")
    .option("--json", "print as JSON")
    .action(async (paths: string[], options: TrendOptions) => {
      const results: NamedResult[] = [];
      for (const path of paths) results.push(...(await resultsOf(path)));
      if (results.length === 0) throw new UsageError(`Cannot show a trend as ${paths[0]} has none`);
      const points = pointsOf(results, options);
      if (options.json) await session.print(points as unknown as Json, true);
      else await session.shell.write(trendText(points, metricsOf(points, options.metric)));
      session.exitCode = EXIT_OK;
    });
}

/** The results of the implementation that the last one is of. */
function pointsOf(results: readonly NamedResult[], { between }: TrendOptions): TrendPoint[] {
  const last = results.at(-1) as NamedResult;
  const { implementation } = last.header;
  const here = { ...last.header, schema: GRID_SCHEMA, machine: thisMachine() };
  const sides = sidesOf(between);
  return results
    .filter(({ header }) => header.implementation === implementation)
    .map((result) => pointOf(result, whyNoBaseline(result.header, here), sides));
}

function sidesOf(between = "all hops"): [string, string] | undefined {
  if (between === "all hops") return undefined;
  const [writer = "", reader = "", ...more] = between.split(">");
  if (writer !== "" && reader !== "" && more.length === 0) return [writer, reader];
  throw new UsageError(
    `Cannot show a trend as --between must be writer>reader: current value is ${between}`,
  );
}

function metricsOf(points: readonly TrendPoint[], names: string): readonly string[] {
  const known = [...new Set(points.flatMap(({ metrics }) => Object.keys(metrics)))];
  const isUsual = names === "blackout,saved,hop";
  if (isUsual) return names.split(",").filter((name) => known.includes(name));
  return names.split(",").map((name) => demandName("metric", name, known));
}

function trendText(points: readonly TrendPoint[], metrics: readonly string[]): string {
  const head = ["result", "version", ...metrics.map((name) => `${name}: p50 / p99 / maximum`), ""];
  const rows = points.map(({ name, version, foreign, metrics: all }) => [
    name,
    version,
    ...metrics.map((metric) => all[metric]?.map(shown).join(" / ") ?? "-"),
    foreign === null ? "" : `no baseline here: ${foreign}`,
  ]);
  return `${textTable([head, ...rows])
    .map(visible)
    .join("\n")}\n`;
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(2);
}
