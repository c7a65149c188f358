/**
 * What a comparison came to, for people and for machines.
 *
 * @module
 */
import {
  ALPHA,
  type ComparisonState,
  type ExactJudged,
  type GateResult,
  type Judged,
} from "../bench/mod.ts";
import type { Json } from "./product.ts";
import { textTable } from "./text_table.ts";

interface Sides {
  readonly a: string;
  readonly b: string;
  readonly floor: number;
  readonly band: number;
}

/** Names of metrics that only one side has. */
const ONLY_MAX = 5;
/** Lines of metrics that a gate is about. */
const GATE_LINES_MAX = 40;
/** Lines of exact metrics that changed. */
const EXACT_LINES_MAX = 20;

export function progressText({ blocks, timed }: ComparisonState): string {
  const open = timed.filter(({ verdict }) => verdict === "inconclusive").length;
  return `${blocks} blocks${timed.length === 0 ? "" : `, ${open} of ${timed.length} undecided`}`;
}

export function comparisonText(state: ComparisonState, gate: GateResult, sides: Sides): string {
  const { blocks, exact, only, timed } = state;
  const lines = [`a: ${sides.a}`, `b: ${sides.b}`, "", ...exactLines(exact)];
  for (const side of ["a", "b"] as const) lines.push(...onlyLines(side, only[side]));
  if (timed.length > 0) {
    const head = ["time", "b / a", "99 % interval", "verdict", "would have seen"];
    lines.push("", ...textTable([head, ...timed.map(timedRow)]));
    lines.push("", rule(blocks, sides));
  }
  if (timed.some(({ verdict }) => verdict === "refused")) {
    lines.push("Refused: the control, side a once more, was told apart from side a. Nobody can");
    lines.push("judge times on this machine now.");
  }
  return `${[...lines, ...gateLines(gate)].join("\n")}\n`;
}

/** What depends on it: metrics that block or are accepted, and entries that nothing needs. */
function gateLines({ rows, stale, outcome }: GateResult): string[] {
  const lines = rows.flatMap(({ metric, standing, entry }) => {
    if (standing === "blocks") {
      return [`  blocks: ${metric}${entry ? `, accepted until ${entry.expires}` : ""}`];
    }
    return standing === "accepted" ? [`  accepted: ${metric}: ${entry?.reason}`] : [];
  });
  const useless = stale.map(({ metric }) => `  accepted, and did not grow: ${metric}; delete it`);
  return ["", `gate: ${outcome}`, ...lines.slice(0, GATE_LINES_MAX), ...useless];
}

export function comparisonJson(
  { blocks, exact, only, timed }: ComparisonState,
  gate: GateResult,
  sides: Sides,
): Json {
  return {
    a: sides.a,
    b: sides.b,
    floor: sides.floor,
    band: sides.band,
    alpha: ALPHA,
    blocks,
    exact: exact.map((each) => ({ ...each })),
    only: { a: [...only.a], b: [...only.b] },
    gate: {
      outcome: gate.outcome,
      blocks: gate.rows.filter((row) => row.standing === "blocks").map((row) => row.metric),
      accepted: gate.rows.filter((row) => row.standing === "accepted").map((row) => row.metric),
      stale: gate.stale.map(({ metric }) => metric),
    },
    // JSON has no infinity: nothing could have been seen.
    timed: timed.map(({ interval, detectable, ...each }) => ({
      ...each,
      interval: { ...interval },
      detectable: Number.isFinite(detectable) ? detectable : null,
    })),
  };
}

function exactLines(exact: readonly ExactJudged[]): string[] {
  if (exact.length === 0) return [];
  const changed = exact.filter(({ verdict }) => verdict !== "same");
  const shown = changed.slice(0, EXACT_LINES_MAX).map(({ metric, unit, a, b, verdict }) => {
    return `  ${verdict}: ${metric}: ${a} ${unit} became ${b} ${unit}`;
  });
  const more = changed.length - shown.length;
  return [
    `${exact.length} exact metrics, ${changed.length} changed`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

function onlyLines(side: string, metrics: readonly string[]): string[] {
  if (metrics.length === 0) return [];
  const shown = metrics.slice(0, ONLY_MAX).join(", ");
  const more = metrics.length - ONLY_MAX;
  return [`only ${side} has: ${shown}${more > 0 ? ` and ${more} more` : ""}`];
}

function timedRow({ metric, ratio, interval, verdict, detectable }: Judged): string[] {
  const seen = Number.isFinite(detectable) ? `±${percent(detectable - 1)}` : "nothing yet";
  const between = `${interval.low.toFixed(3)} to ${interval.high.toFixed(3)}`;
  return [metric, ratio.toFixed(3), between, verdict, seen];
}

function rule(blocks: number, { floor, band }: Sides): string {
  return (
    `${blocks} blocks, each side twice in each. A verdict needs a chance of error below ` +
    `${percent(ALPHA)} in all,\nan interval without 1, and more than ${percent(floor)} ` +
    "and than three times the noise of the control;\n" +
    `the same is an interval within ${percent(band)}.`
  );
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(2))} %`;
}
