/**
 * The compatibility statement, as Markdown for people and as JSON. Digests are of the report as it
 * is; what is shown of it is made safe.
 *
 * @module
 */

import { counted, grouped } from "../counted.ts";
import type { Reporter } from "../report.ts";
import { address, code, plain } from "./markdown_text.ts";
import { safeReport } from "./safe.ts";
import { type Answer, type Statement, statementOf } from "./statement_content.ts";

const WORDS: Readonly<Record<Answer, string>> = {
  yes: "yes",
  limited: "yes, but for known breaks",
  no: "**no**",
  unknown: "unknown",
};

export const statementJson: Reporter = function* (report) {
  const { digests } = statementOf(report);
  yield `${JSON.stringify({ ...statementOf(safeReport(report)), digests }, null, 2)}\n`;
};

export const statement: Reporter = function* (report) {
  const { digests } = statementOf(report);
  const shown = { ...statementOf(safeReport(report)), digests };
  yield `# Compatibility of ${plain(shown.implementation)}\n\n`;
  yield `${introductionOf(shown)}\n`;
  yield* directionLines(shown);
  yield* breakLines(shown);
  yield "\n## What was tested\n\n";
  yield "SHA-256 of what the statement rests on; `report` is that of the report as NDJSON.\n\n";
  for (const [name, digest] of Object.entries(digests)) yield `- ${plain(name)}: \`${digest}\`\n`;
};

function introductionOf({ counts, seed, selection, complete }: Statement): string {
  const { conditions = 0, cells = 0 } = counts;
  const part = selection.length === 0 ? "the whole plan" : `only ${selection.map(code).join(" ")}`;
  const asked = `${counted(conditions, "condition")}, ${counted(cells, "cell")}`;
  if (!complete) return `The run did not come to its end, so that nothing is sure (${part}).`;
  return `Asked with seed ${seed}: ${part}, ${asked}.`;
}

function* directionLines({ directions, longer }: Statement): Generator<string> {
  yield "\n## Does a machine saved by one release come back in another?\n\n";
  yield "| saved by | restored by | answer | conditions | pass | known | surprise |\n";
  yield "| --- | --- | --- | --: | --: | --: | --: |\n";
  const rows = [
    ...directions.map((one) => [plain(one.from), plain(one.to), one] as const),
    ...longer.map((one) => [`paths of ${one.hops} hops`, "each in turn", one] as const),
  ];
  for (const [from, to, { answer, conditions, passed, known, surprising }] of rows) {
    const counts = [conditions, passed, known, surprising].map(grouped).join(" | ");
    yield `| ${from} | ${to} | ${WORDS[answer]} | ${counts} |\n`;
  }
}

function* breakLines({ known, surprises, notAsked }: Statement): Generator<string> {
  if (known.length > 0) yield "\n## Known breaks\n\n";
  for (const { name, verdict, note, link, conditions } of known) {
    yield `- ${plain(name)}, ${verdict} on ${counted(conditions, "condition")}: ${plain(note)} `;
    yield `(${address(link)})\n`;
  }
  if (surprises.length > 0) yield "\n## What is not known yet\n\n";
  for (const { scenario, verdict, reason, cells, condition } of surprises) {
    yield `- ${code(scenario)} ${verdict} on ${counted(cells, "cell")}`;
    yield `${reason === "" ? "" : `: ${plain(reason)}`}; such as ${code(condition)}\n`;
  }
  if (notAsked.length > 0) yield "\n## What could not be asked\n\n";
  for (const { reason, cells } of notAsked) yield `- ${plain(reason)}: ${counted(cells, "cell")}\n`;
}
