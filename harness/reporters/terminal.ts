/**
 * The grid of a run for a terminal at most 100 columns wide: writer x reader per pair of
 * configurations, then axes, longer paths, and a reason for every cell that did not pass.
 *
 * @module
 */
import { stripVTControlCharacters, styleText } from "node:util";
import { type Known, type Reason, Reasons } from "../reasons.ts";
import type { Report, Reporter, RunHeader } from "../report.ts";
import { SYMBOL } from "../verdict.ts";
import { type Block, Grid, type Square } from "./grid.ts";
import { conclusion, counted, grouped, introduction, shortReleases } from "./wording.ts";

/** Widest line, in columns. */
const WIDTH = 100;
/** Between two blocks. */
const GAP = "  ";

type Colour = Parameters<typeof styleText>[0];
type Paint = (colour: Colour, text: string) => string;

export const terminal: Reporter = (report) => render(report, (_, text) => text);

export const terminalInColour: Reporter = (report) =>
  render(report, (colour, text) => styleText(colour, text, { validateStream: false }));

function* render(report: Report, paint: Paint): Generator<string> {
  const { header, end } = report;
  const grid = new Grid(header.axes);
  const reasons = new Reasons(header.expectations);
  for (const result of report.conditions()) {
    grid.add(result);
    reasons.add(result);
  }
  yield* wrapped(introduction(header), "", "  ");
  yield* prunedLines(header);
  yield* blockLines(grid.blocks, header.releases, paint);
  yield* valueLines(grid, paint);
  yield* shapeLines(grid, paint);
  yield* surpriseLines(reasons.surprises, paint);
  yield* knownLines(reasons.known);
  yield* unsupportedLines(reasons.unsupported);
  for (const name of end?.stale ?? []) {
    yield* wrapped(paint("red", `Stale: nothing bears out the expectation ${name}`), "", "  ");
  }
  yield "\n";
  yield* wrapped(conclusion(end), "", "  ");
}

function* prunedLines({ pruned }: RunHeader): Generator<string> {
  for (const { name, count, reason } of pruned) {
    yield* wrapped(`Not run: ${counted(count, "combination")} (${name}): ${reason}`, "", "  ");
  }
}

/** Rows of blocks: one row per configuration of the writer, as far as the width allows. */
function* blockLines(
  blocks: readonly Block[],
  releases: readonly string[],
  paint: Paint,
): Generator<string> {
  if (blocks.length === 0) return;
  const short = shortReleases(releases);
  const labels = releases.map((release) => short.get(release) ?? release);
  const margin = Math.max(...labels.map(({ length }) => length)) + 2;
  const texts = blocks.flatMap(({ squares }) => [...squares.values()].map(squareText));
  const column = Math.max(...[...texts, ...labels].map(({ length }) => length)) + 1;
  const width = column * releases.length;
  const fit = Math.max(1, Math.floor((WIDTH - margin + GAP.length) / (width + GAP.length)));
  yield "\n";
  yield* wrapped(
    "Rows write, columns read. ✓ all conditions pass; otherwise the gravest verdict and the " +
      "number of conditions that do not pass: plain when all are known, ! when some surprise.",
    "",
    "",
  );
  for (const [writer, row] of Map.groupBy(blocks, (block) => block.writer)) {
    yield `\n${paint("bold", `Written with ${writer || "no inputs"}, read with`)}\n`;
    for (let from = 0; from < row.length; from += fit) {
      const part = row.slice(from, from + fit);
      const titles = part.map(({ reader }) => fitTo(reader, width));
      yield `${" ".repeat(margin)}${titles.join(GAP)}`.trimEnd().concat("\n");
      const heads = part.map(() => labels.map((label) => label.padEnd(column)).join(""));
      yield `${" ".repeat(margin)}${heads.join(GAP)}`.trimEnd().concat("\n");
      for (const [index, release] of releases.entries()) {
        const squares = part.map((block) =>
          releases.map((to) => squareAt(block, `${release}>${to}`, column, paint)).join(""),
        );
        const label = (labels[index] ?? "").padEnd(margin);
        yield `${label}${squares.join(GAP)}`.trimEnd().concat("\n");
      }
    }
  }
}

function squareAt(block: Block, key: string, column: number, paint: Paint): string {
  const square = block.squares.get(key);
  if (square === undefined) return " ".repeat(column);
  const text = squareText(square);
  return paint(colourOf(square), text) + " ".repeat(column - text.length);
}

function squareText({ worst, known, surprising }: Square): string {
  const troubled = known + surprising;
  if (troubled === 0) return SYMBOL[worst];
  return `${SYMBOL[worst]}${troubled}${surprising > 0 ? "!" : ""}`;
}

function colourOf({ known, surprising }: Square): Colour {
  if (surprising > 0) return ["bold", "red"];
  return known > 0 ? "yellow" : "green";
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
  for (const [shape, square] of grid.shapes) {
    yield `  ${shape.padEnd(24)} ${shareOf(square, paint)}\n`;
  }
}

function shareOf(square: Square, paint: Paint): string {
  const passing = square.conditions - square.known - square.surprising;
  const surprises = square.surprising > 0 ? ` (${grouped(square.surprising)} surprise)` : "";
  return paint(colourOf(square), `${grouped(passing)}/${grouped(square.conditions)}${surprises}`);
}

function* surpriseLines(surprises: readonly Reason[], paint: Paint): Generator<string> {
  if (surprises.length === 0) return;
  yield `\n${paint(["bold", "red"], "Surprises")}\n`;
  for (const { scenario, verdict, reason, surprise, cells, example } of surprises) {
    const text = `${SYMBOL[verdict]} ${verdict} ${scenario}: ${counted(cells, "cell")}`;
    yield* wrapped(`${text}${reason === "" ? "" : `: ${reason}`}`, "  ", "    ");
    yield* wrapped(`expected ${surprise}`, "    ", "      ");
    yield* wrapped(`such as ${example}`, "    ", "      ");
  }
}

function* knownLines(known: readonly Known[]): Generator<string> {
  if (known.length === 0) return;
  yield "\nKnown breaks\n";
  for (const { expectation, cells, conditions, example } of known) {
    const { name, verdict, reason, note, link } = expectation;
    const counts = `${counted(cells, "cell")} on ${counted(conditions, "condition")}`;
    yield* wrapped(`${SYMBOL[verdict]} ${name}: ${counts}`, "  ", "    ");
    yield* wrapped(note, "    ", "    ");
    yield* wrapped(`${verdict}: ${reason}`, "    ", "      ");
    yield* wrapped(`such as ${example}`, "    ", "      ");
    yield* wrapped(link, "    ", "      ");
  }
}

function* unsupportedLines(unsupported: readonly Reason[]): Generator<string> {
  if (unsupported.length === 0) return;
  yield "\nUnsupported, not run\n";
  for (const { reason, cells } of unsupported) {
    yield* wrapped(`${SYMBOL.unsupported} ${reason}: ${counted(cells, "cell")}`, "  ", "    ");
  }
}

/** Text in lines that fit, the first after `first`, the others after `next`. */
function* wrapped(text: string, first: string, next: string): Generator<string> {
  let line = first;
  let used = first.length;
  let empty = true;
  for (const word of text.split(" ")) {
    const { length } = stripVTControlCharacters(word);
    if (!empty && used + 1 + length > WIDTH) {
      yield `${line}\n`;
      line = next;
      used = next.length;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    used += empty ? length : 1 + length;
    empty = false;
  }
  yield `${line}\n`;
}

function fitTo(text: string, width: number): string {
  return text.length <= width ? text.padEnd(width) : `${text.slice(0, width - 1)}…`;
}
