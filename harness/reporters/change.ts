/**
 * What is new against a baseline, as Markdown for a change request: what broke first, what was
 * mended, and nothing of what is as it was.
 *
 * @module
 */

import { counted } from "../counted.ts";
import { tokenOf } from "../replay_token.ts";
import type { Report, Reporter } from "../report.ts";
import { type Change, type ChangeKind, changesOf, type RunChanges } from "../run_changes.ts";
import { limited } from "./github.ts";
import { code, plain } from "./markdown_text.ts";
import { conclusion } from "./wording.ts";

/** A comment of GitHub has at most 65,536 characters. */
const OCTETS_MAX = 60_000;

const TITLES: Readonly<Record<ChangeKind, string>> = {
  broken: "Surprises that are new",
  lost: "Passed before, and is known to break now",
  mended: "Surprises that are gone",
  gained: "Passes now",
  other: "Comes out differently, as expected",
};

export const change: Reporter = (report) => limited(linesOf(report), OCTETS_MAX);

function* linesOf(report: Report): Generator<string> {
  const { header, baseline, end } = report;
  yield `### Save and restore of ${plain(header.implementation)}\n\n`;
  yield `${plain(conclusion(end))}.\n`;
  if (baseline === undefined) {
    yield "\nThere is no baseline to compare with.\n";
    return;
  }
  const changes = changesOf(baseline, report);
  yield `\n${summaryText(changes)}\n`;
  for (const [kind, group] of Map.groupBy(changes.changes, (one) => one.kind)) {
    yield `\n#### ${TITLES[kind]}\n\n`;
    for (const one of group) yield lineOf(one, header.seed);
  }
}

function summaryText({ changes, added, removed }: RunChanges): string {
  const parts = [...Map.groupBy(changes, ({ kind }) => kind)].map(([kind, group]) => {
    const cells = group.reduce((sum, one) => sum + one.cells, 0);
    return `${TITLES[kind].toLowerCase()}: ${counted(cells, "cell")}`;
  });
  if (added > 0) parts.push(`${counted(added, "condition")} that the baseline lacks`);
  if (removed > 0) parts.push(`${counted(removed, "condition")} that only the baseline has`);
  if (parts.length === 0) return "Nothing is new against the baseline.";
  return `Against the baseline: ${parts.join("; ")}.`;
}

function lineOf({ scenario, before, after, reason, condition, cells }: Change, seed: number) {
  const was = before === undefined ? "not asked" : before;
  const why = reason === "" ? "" : `: ${plain(reason)}`;
  const token = code(tokenOf({ scenario, condition, seed }));
  const what = `${code(scenario)} ${was} → ${after} on ${counted(cells, "cell")}${why}`;
  return `- ${what}; such as ${code(condition)}, \`--replay\` ${token}\n`;
}
