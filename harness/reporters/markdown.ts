/**
 * The grid of a run as Markdown: a table per pair of configurations, then a reason for every cell
 * that did not pass.
 *
 * @module
 */

import { counted, grouped } from "../counted.ts";
import type { Known, Reason } from "../reasons.ts";
import { tokenOf } from "../replay_token.ts";
import { cellName, type Report, type Reporter, type RunHeader } from "../report.ts";
import { SYMBOL } from "../verdict.ts";
import { type BlackoutRange, milliseconds } from "./blackouts.ts";
import { blockLines, LEGEND } from "./block_text.ts";
import { cellsOf } from "./counts.ts";
import type { Block, Grid } from "./grid.ts";
import { code, linked, plain } from "./markdown_text.ts";
import { summaryOf, summing } from "./summary.ts";
import { plain as unpainted } from "./text.ts";
import { conclusion, coverageText, introduction } from "./wording.ts";

export const markdown: Reporter = summing(function* (report: Report) {
  const { header, end } = report;
  const { grid, reasons, blackouts } = summaryOf(report);
  yield `# Save and restore of ${plain(header.implementation)}\n\n`;
  yield `${plain(introduction(header))}.\n\n${plain(conclusion(end))}.\n`;
  const coverage = coverageText(end);
  if (coverage !== "") yield `\n${plain(coverage)}.\n`;
  yield* surpriseLines(reasons.surprises, header);
  yield* namesLines("Stale expectations", end?.stale ?? [], "nothing bears it out");
  yield* namesLines("Expired expectations", end?.expired ?? [], "it has expired, and is needed");
  yield* blocksOf(grid.blocks, header.releases);
  yield* axisLines(grid);
  yield* blackoutLines(blackouts.ranges(header.releases));
  yield* knownLines(reasons.known);
  yield* unsupportedLines(reasons.unsupported);
  yield* prunedLines(header);
});

function* blackoutLines(ranges: readonly BlackoutRange[]): Generator<string> {
  if (ranges.length === 0) return;
  yield "\n## Blackout of guests\n\n";
  yield "From the stop to the first answer, by the release that read.\n\n";
  yield "| reader | servicings | shortest | median | longest |\n| --- | --- | --- | --- | --- |\n";
  for (const { release, count, shortestUs, medianUs, longestUs } of ranges) {
    const times = [shortestUs, medianUs, longestUs].map(milliseconds).join(" | ");
    yield `| ${plain(release)} | ${grouped(count)} | ${times} |\n`;
  }
}

function* blocksOf(blocks: readonly Block[], releases: readonly string[]): Generator<string> {
  if (blocks.length === 0) return;
  yield `\n## Grid\n\n${LEGEND}\n\n\`\`\`text`;
  yield* blockLines(blocks, releases, unpainted);
  yield "```\n";
}

function* axisLines(grid: Grid): Generator<string> {
  const values = [...grid.values].flatMap(([axis, squares]) =>
    [...squares].map(([value, square]) => [`${axis}=${value}`, square] as const),
  );
  const rows = [...values, ...grid.shapes];
  if (rows.length === 0) return;
  yield "\n## Axes and longer paths\n\n| conditions | pass | known | surprise |\n";
  yield "| --- | --: | --: | --: |\n";
  for (const [name, { conditions, known, surprising }] of rows) {
    const counts = [conditions - known - surprising, known, surprising].map(grouped);
    yield `| ${plain(name)} | ${counts.join(" | ")} |\n`;
  }
}

function* surpriseLines(surprises: readonly Reason[], { seed }: RunHeader): Generator<string> {
  if (surprises.length === 0) return;
  yield "\n## Surprises\n\n";
  for (const group of surprises) {
    const { scenario, several, verdict, reason, surprise, condition } = group;
    const why = reason === "" ? "" : `: ${plain(reason)}`;
    const who = `${code(scenario)}${several ? " and others" : ""}`;
    yield `- ${SYMBOL[verdict]} ${who} ${verdict} on ${cellsOf(group)}${why}; `;
    yield `expected ${plain(surprise ?? "")}. Such as ${code(cellName(scenario, condition))}, `;
    yield `\`--replay\` ${code(tokenOf({ scenario, condition, seed }))}\n`;
  }
}

function* namesLines(title: string, names: readonly string[], what: string): Generator<string> {
  if (names.length === 0) return;
  yield `\n## ${title}\n\n`;
  for (const name of names) yield `- ${code(name)}: ${what}\n`;
}

function* knownLines(known: readonly Known[]): Generator<string> {
  if (known.length === 0) return;
  yield "\n## Known breaks\n\n";
  for (const group of known) {
    const { expectation, conditions, scenario, condition } = group;
    const { name, verdict, reason, note, link } = expectation;
    const counts = `${cellsOf(group)} on ${counted(conditions, "condition")}`;
    const title = link === "" ? plain(name) : linked(name, link);
    yield `- ${SYMBOL[verdict]} ${title}, ${counts}: ${plain(note)} `;
    yield `Reason: ${plain(reason)}. Such as ${code(cellName(scenario, condition))}\n`;
  }
}

function* unsupportedLines(unsupported: readonly Reason[]): Generator<string> {
  if (unsupported.length === 0) return;
  yield "\n## Unsupported, not run\n\n";
  for (const { reason, cells } of unsupported) {
    yield `- ${SYMBOL.unsupported} ${plain(reason)}: ${counted(cells, "cell")}\n`;
  }
}

function* prunedLines({ pruned }: RunHeader): Generator<string> {
  if (pruned.length === 0) return;
  yield "\n## Combinations that cannot happen\n\n";
  for (const { name, count, reason } of pruned) {
    yield `- ${code(name)}, ${counted(count, "combination")}: ${plain(reason)}\n`;
  }
}
