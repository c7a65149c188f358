/**
 * A performance grid for a terminal: for the few metrics that sum it up, a table of writers and
 * readers, with and without keepalive. All of it is in the JSON and on the page.
 *
 * @module
 */
import { ALL, type Cost, type CostChange, type GridResult } from "../bench/mod.ts";
import { visible } from "../visible.ts";
import { textTable } from "./text_table.ts";

const SHOWN = ["blackout", "saved", "hop"];
const FAILURES_MAX = 20;
const CHANGES_MAX = 20;

export function gridText(result: GridResult): string {
  const { implementation, conditions, passes, complete, machine, costs, failures } = result;
  const lines = [
    `${implementation}: ${conditions} conditions, ${passes} whole passes` +
      `${complete ? "" : ", not all that were to be"}`,
    `on ${machine.processors} x ${machine.processor}, ${machine.platform}, ${machine.runtime}`,
  ];
  const all = costs.filter(({ writer, configuration }) => configuration === ALL && writer !== ALL);
  for (const metric of SHOWN) {
    const own = all.filter((cost) => cost.metric === metric);
    const kinds = [...new Set(own.map(({ keepalive }) => keepalive))];
    for (const kind of kinds.length === 1 ? kinds : kinds.filter((each) => each !== ALL)) {
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
  const of = kind === ALL ? "" : `, controllers: ${kind}`;
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

/** What exact costs became since the result called `name`. */
export function changesText(name: string, changes: readonly CostChange[]): string {
  const lines = changes.slice(0, CHANGES_MAX).map(({ verdict, before, now }) => {
    const { writer, reader, keepalive, metric, unit } = now;
    const of = keepalive === ALL ? "" : ` (${keepalive})`;
    const [was, is] = [before, now].map(({ p50, max }) => `${shown(p50)} to ${shown(max)}`);
    return `  ${verdict}: ${metric} of ${writer} > ${reader}${of}: ${was} became ${is} ${unit}`;
  });
  const more = changes.length - lines.length;
  const head = `${changes.length} exact costs changed since ${name}, by p50 and maximum`;
  const all = [head, ...lines, ...(more > 0 ? [`  and ${more} more`] : [])];
  return `${visibleLines(all.map((line) => line.trimEnd())).join("\n")}\n`;
}

/** All metrics, over all hops: the worst cell of each. */
function overall(costs: readonly Cost[]): string[][] {
  const metrics = Map.groupBy(
    costs.filter(({ keepalive }) => keepalive === ALL),
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
