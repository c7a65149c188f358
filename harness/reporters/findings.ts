/**
 * What is known to break, as a list for whoever maintains it: what happens and why, where it comes
 * from, and the command that shows it again, message by message.
 *
 * It has no counts, so that it only changes when a finding does.
 *
 * @module
 */
import type { Expectation } from "../expectation.ts";
import type { Known } from "../reasons.ts";
import { tokenOf } from "../replay_token.ts";
import type { Report, Reporter, RunHeader } from "../report.ts";
import { SYMBOL } from "../verdict.ts";
import { address, code, plain } from "./markdown_text.ts";
import { summaryOf, summing } from "./summary.ts";

const COMMAND = "npm run -s freezethaw --";

export const findings: Reporter = summing(function* (report: Report) {
  const { header } = report;
  const { implementation, releases, expectations, selection = [] } = header;
  const { known, surprises } = summaryOf(report).reasons;
  yield `# Findings on ${plain(implementation)}\n\n`;
  yield `What breaks in ${plain(releases.join(", "))}, with its reason and its source. Each was `;
  yield "seen in a run; its command does the same again and tells what happened.\n\n";
  const made = [COMMAND, "run --implementation", implementation, ...selection].join(" ");
  yield `Made by ${code(made)} and then `;
  yield `\`${COMMAND} report --reporter findings\`.\n`;
  for (const expectation of expectations) {
    const found = known.find((one) => one.expectation.name === expectation.name);
    if (found !== undefined) yield* findingLines(found, header);
  }
  if (surprises.length > 0) yield "\nThere were surprises, which are not listed here.\n";
  yield* growthLines(header);
});

function* findingLines(
  { expectation, scenario, condition }: Known,
  { seed, scenarios }: RunHeader,
): Generator<string> {
  const { name, verdict, reason, note, link } = expectation;
  const claim = scenarios.find(({ id }) => id === scenario);
  yield `\n## ${plain(name)}\n\n${plain(note)}\n\n`;
  yield `- ${SYMBOL[verdict]} ${verdict}: ${plain(reason)}\n`;
  yield `- where: ${plain(placeOf(expectation))}\n`;
  if (claim !== undefined) yield `- against: ${plain(claim.must)} (${plain(claim.source)})\n`;
  if (link !== "") yield `- source: ${address(link)}\n`;
  yield `- again: ${code(`${COMMAND} run --replay ${tokenOf({ scenario, condition, seed })}`)}\n`;
}

function placeOf({ factors }: Expectation): string {
  return Object.entries(factors)
    .map(([factor, values]) => `${factor} ${[values].flat().join(" or ")}`)
    .join(", ");
}

function* growthLines({ implementation, growths = [] }: RunHeader): Generator<string> {
  for (const { name, releases, vitals, link, note } of growths) {
    yield `\n## ${plain(name)}\n\n${plain(note)}\n\n`;
    yield `- grows with each update: ${plain(vitals.join(", "))}\n`;
    yield `- where: ${plain(releases.join(" or "))}\n- source: ${address(link)}\n`;
    for (const release of releases) {
      yield `- again: ${code(`${COMMAND} soak ${implementation} --release ${release}`)}\n`;
    }
  }
}
