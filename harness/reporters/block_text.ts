/**
 * The grid in text columns: a block of writer x reader per pair of configurations, as many blocks
 * side by side as fit.
 *
 * @module
 */
import { SYMBOL } from "../verdict.ts";
import type { Block, Square } from "./grid.ts";
import { type Colour, type Paint, WIDTH } from "./text.ts";
import { shortReleases } from "./wording.ts";

/** How to read the blocks. */
export const LEGEND =
  "Rows write, columns read. ✓ all conditions pass; otherwise the gravest verdict and the number " +
  "of conditions that do not pass. ✗ came back with a loss; ⊘ refused, … hung, ☓ crashed: did " +
  "not come back. Plain when all are known, ! when some surprise, ~ when some attempts did not " +
  "agree. Blank: cannot happen, or not chosen.";

/** Between two blocks. */
const GAP = "  ";

/** Rows of blocks: one row per configuration of the writer, as far as the width allows. */
export function* blockLines(
  blocks: readonly Block[],
  releases: readonly string[],
  paint: Paint,
): Generator<string> {
  const short = shortReleases(releases);
  const labels = releases.map((release) => short.get(release) ?? release);
  const margin = Math.max(...labels.map(({ length }) => length)) + 2;
  const texts = blocks.flatMap(({ squares }) => [...squares.values()].map(squareText));
  const column = Math.max(...[...texts, ...labels].map(({ length }) => length)) + 1;
  const width = column * releases.length;
  const fit = Math.max(1, Math.floor((WIDTH - margin + GAP.length) / (width + GAP.length)));
  for (const [title, row] of Map.groupBy(blocks, titleOf)) {
    yield `\n${paint("bold", `${title}, read with`)}\n`;
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

function titleOf({ writer }: Block): string {
  return `Written with ${writer || "no inputs"}`;
}

function squareAt(block: Block, key: string, column: number, paint: Paint): string {
  const square = block.squares.get(key);
  if (square === undefined) return " ".repeat(column);
  const text = squareText(square);
  return paint(colourOf(square), text) + " ".repeat(column - text.length);
}

function squareText({ worst, known, surprising, flaky }: Square): string {
  const troubled = known + surprising;
  if (troubled === 0) return SYMBOL[worst];
  return `${SYMBOL[worst]}${troubled}${surprising > 0 ? "!" : ""}${flaky > 0 ? "~" : ""}`;
}

export function colourOf({ known, surprising }: Square): Colour {
  if (surprising > 0) return ["bold", "red"];
  return known > 0 ? "yellow" : "green";
}

function fitTo(text: string, width: number): string {
  return text.length <= width ? text.padEnd(width) : `${text.slice(0, width - 1)}…`;
}
