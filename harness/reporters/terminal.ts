/**
 * The grid of a run for a terminal at most 100 columns wide: writer x reader per pair of
 * configurations, then axes, longer paths, and a reason for every cell that did not pass.
 *
 * @module
 */
import { styleText } from "node:util";
import { counted, grouped } from "../counted.ts";
import type { Known, Reason } from "../reasons.ts";
import { tokenOf } from "../replay_token.ts";
import { cellName, type Report, type Reporter, type RunHeader } from "../report.ts";
import { SYMBOL } from "../verdict.ts";
import { visible } from "../visible.ts";
import { type BlackoutRange, milliseconds } from "./blackouts.ts";
import { blockLines, colourOf, LEGEND } from "./block_text.ts";
import { cellsOf } from "./counts.ts";
import type { Grid, Square } from "./grid.ts";
import { summaryOf, summing } from "./summary.ts";
import { type Paint, plain, wrapped } from "./text.ts";
import { conclusion, coverageText, introduction } from "./wording.ts";

/** Reasons of surprises that a terminal shows; who has more has one defect with many faces. */
const SURPRISES_MAX = 40;

export const terminal: Reporter = summing((report) => render(report, plain));

export const terminalInColour: Reporter = summing((report) =>
  render(report, (colour, text) => styleText(colour, text, { validateStream: false })),
);

function* render(report: Report, paint: Paint): Generator<string> {
  const { header, end } = report;
  const { grid, reasons, blackouts } = summaryOf(report);
  yield* wrapped(introduction(header), "", "  ");
  yield* prunedLines(header);
  if (grid.blocks.length > 0) {
    yield "\n";
    yield* wrapped(LEGEND, "", "");
    yield* blockLines(grid.blocks, header.releases, paint);
  }
  yield* valueLines(grid, paint);
  yield* shapeLines(grid, paint);
  yield* blackoutLines(blackouts.ranges(header.releases));
  yield* surpriseLines(reasons.surprises, header, paint);
  yield* knownLines(reasons.known);
  yield* unsupportedLines(reasons.unsupported);
  for (const name of end?.stale ?? []) {
    yield* wrapped(paint("red", `Stale: nothing bears out the expectation ${name}`), "", "  ");
  }
  for (const name of end?.expired ?? []) {
    yield* wrapped(paint("red", `Expired: ${name} is still needed`), "", "  ");
  }
  yield "\n";
  yield* wrapped(conclusion(end), "", "  ");
  const coverage = coverageText(end);
  if (coverage !== "") yield* wrapped(visible(coverage), "", "  ");
}

function* prunedLines({ pruned }: RunHeader): Generator<string> {
  for (const { name, count, reason } of pruned) {
    yield* wrapped(`Not run: ${counted(count, "combination")} (${name}): ${reason}`, "", "  ");
  }
}

/** How each value of a path axis fares in the grid. */
function* valueLines(grid: Grid, paint: Paint): Generator<string> {
  const axes = [...grid.values].filter(([, squares]) => squares.size > 1);
  if (axes.length === 0) return;
  yield "\nBy axis, conditions that pass\n";
  const margin = Math.max(...axes.map(([axis]) => axis.length)) + 4;
  for (const [axis, squares] of axes) {
    const parts = [...squares].map(([value, square]) => `${value} ${shareOf(square, paint)}`);
    yield* wrapped(parts.join(", "), `  ${axis}`.padEnd(margin), " ".repeat(margin));
  }
}

function* shapeLines(grid: Grid, paint: Paint): Generator<string> {
  if (grid.shapes.size === 0) return;
  yield "\nOther paths and faults, conditions that pass\n";
  const margin = Math.max(...[...grid.shapes.keys()].map(({ length }) => length)) + 2;
  for (const [shape, square] of grid.shapes) {
    yield `  ${shape.padEnd(margin)}${shareOf(square, paint)}\n`;
  }
}

function* blackoutLines(ranges: readonly BlackoutRange[]): Generator<string> {
  if (ranges.length === 0) return;
  yield "\nBlackout of guests by the release that read: shortest, median, longest\n";
  const margin = Math.max(...ranges.map(({ release }) => release.length)) + 2;
  for (const { release, shortestUs, medianUs, longestUs } of ranges) {
    const times = [shortestUs, medianUs, longestUs].map((us) => milliseconds(us).padStart(10));
    yield `  ${release.padEnd(margin)}${times.join("")}\n`;
  }
}

function shareOf(square: Square, paint: Paint): string {
  const passing = square.conditions - square.known - square.surprising;
  const surprises = square.surprising > 0 ? ` (${grouped(square.surprising)} surprise)` : "";
  return paint(colourOf(square), `${grouped(passing)}/${grouped(square.conditions)}${surprises}`);
}

function* surpriseLines(
  surprises: readonly Reason[],
  { seed }: RunHeader,
  paint: Paint,
): Generator<string> {
  if (surprises.length === 0) return;
  yield `\n${paint(["bold", "red"], "Surprises")}\n`;
  for (const group of surprises.slice(0, SURPRISES_MAX)) {
    const { scenario, several, verdict, reason, surprise, condition } = group;
    const who = `${scenario}${several ? " and others" : ""}`;
    const text = `${SYMBOL[verdict]} ${verdict} ${who}: ${cellsOf(group)}`;
    yield* wrapped(`${text}${reason === "" ? "" : `: ${visible(reason)}`}`, "  ", "    ");
    yield* wrapped(`expected ${visible(surprise ?? "")}`, "    ", "      ");
    yield* wrapped(`such as ${visible(cellName(scenario, condition))}`, "    ", "      ");
    yield `    --replay ${visible(tokenOf({ scenario, condition, seed }))}\n`;
  }
  const more = surprises.length - SURPRISES_MAX;
  if (more > 0) yield `  ${counted(more, "further reason")}: see the other reports\n`;
}

function* knownLines(known: readonly Known[]): Generator<string> {
  if (known.length === 0) return;
  yield "\nKnown breaks\n";
  for (const group of known) {
    const { expectation, conditions, scenario, condition } = group;
    const { name, verdict, reason, note, link } = expectation;
    const counts = `${cellsOf(group)} on ${counted(conditions, "condition")}`;
    yield* wrapped(`${SYMBOL[verdict]} ${name}: ${counts}`, "  ", "    ");
    yield* wrapped(note, "    ", "    ");
    yield* wrapped(`${verdict}: ${reason}`, "    ", "      ");
    yield* wrapped(`such as ${visible(cellName(scenario, condition))}`, "    ", "      ");
    if (link !== "") yield* wrapped(link, "    ", "      ");
  }
}

function* unsupportedLines(unsupported: readonly Reason[]): Generator<string> {
  if (unsupported.length === 0) return;
  yield "\nUnsupported, not run\n";
  for (const { reason, cells } of unsupported) {
    yield* wrapped(
      `${SYMBOL.unsupported} ${visible(reason)}: ${counted(cells, "cell")}`,
      "  ",
      "    ",
    );
  }
}
