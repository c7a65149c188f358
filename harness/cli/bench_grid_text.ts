/**
 * A performance grid for a terminal: for the few metrics that sum it up, a table of writers and
 * readers, with and without keepalive. All of it is in the JSON and on the page.
 *
 * @module
 */
import type { Cost, GridResult } from "../bench/mod.ts";
import { visible } from "../visible.ts";
import { textTable } from "./text_table.ts";

const SHOWN = ["blackout", "saved", "hop"];
const FAILURES_MAX = 20;

export function gridText(result: GridResult): string {
  const { implementation, conditions, passes, complete, machine, costs, failures } = result;
  const lines = [
    `${implementation}: ${conditions} conditions, ${passes} whole passes` +
      `${complete ? "" : ", not all that were to be"}`,
    `on ${machine.processors} x ${machine.processor}, ${machine.platform}, ${machine.runtime}`,
  ];
  const all = costs.filter(({ configuration }) => configuration === "all");
  for (const metric of SHOWN) {
    const own = all.filter((cost) => cost.metric === metric);
    const kinds = [...new Set(own.map(({ keepalive }) => keepalive))];
    for (const kind of kinds.length === 1 ? kinds : kinds.filter((each) => each !== "all")) {
      const some = own.filter(({ keepalive }) => keepalive === kind);
      lines.push("", ...tableOf(metric, kind, some, result.releases));
    }
  }
  lines.push("", ...textTable(overall(all)), "", ...failureLines(failures));
  return `${visibleLines(lines).join("\n").trimEnd()}\n`;
}

function tableOf(
  metric: string,
  kind: string,
  costs: readonly Cost[],
  releases: readonly string[],
): string[] {
  const { unit = "" } = costs[0] ?? {};
  const of = kind === "all" ? "" : `, controllers: ${kind}`;
  const readers = releases.filter((each) => costs.some(({ reader }) => reader === each));
  const writers = releases.filter((each) => costs.some(({ writer }) => writer === each));
  const rows = writers.map((writer) => [
    writer,
    ...readers.map((reader) => {
      const cost = costs.find((each) => each.writer === writer && each.reader === reader);
      return cost === undefined ? "-" : [cost.p50, cost.p99, cost.max].map(shown).join(" / ");
    }),
  ]);
  const title = `${metric}${unit === "" ? "" : ` in ${unit}`}${of}: p50 / p99 / maximum`;
  return [title, ...textTable([["writer \\ reader", ...readers], ...rows])];
}

/** All metrics, over all hops: the worst cell of each. */
function overall(costs: readonly Cost[]): string[][] {
  const metrics = Map.groupBy(
    costs.filter(({ keepalive }) => keepalive === "all"),
    ({ metric }) => metric,
  );
  const rows = Array.from(metrics, ([metric, own]) => {
    const [first] = own as [Cost, ...Cost[]];
    const worst = own.reduce((most, each) => (each.p50 > most.p50 ? each : most), first);
    const least = own.reduce((low, each) => (each.p50 < low.p50 ? each : low), first);
    const max = Math.max(...own.map((each) => each.max));
    return [
      metric,
      first.class,
      first.unit,
      shown(least.p50),
      shown(worst.p50),
      `${worst.writer} > ${worst.reader}`,
      shown(max),
    ];
  });
  return [["metric", "class", "unit", "least p50", "worst p50", "of", "maximum"], ...rows];
}

function failureLines(failures: GridResult["failures"]): string[] {
  const lines = failures
    .slice(0, FAILURES_MAX)
    .map(
      ({ count, writer, reader, verdict, reason }) =>
        `${count} x ${writer} > ${reader} ${verdict}: ${reason}`,
    );
  const more = failures.length - lines.length;
  return [...lines, ...(more > 0 ? [`and ${more} more`] : [])];
}

function shown(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 1);
}

/** Texts may be an adapter's. */
function visibleLines(lines: readonly string[]): string[] {
  return lines.map((line) => visible(line));
}
