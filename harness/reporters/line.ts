/**
 * One line per condition, and one more for each surprise.
 *
 * @module
 */
import type { ConditionResult, Reporter } from "../report.ts";
import { SYMBOL } from "../verdict.ts";
import { conclusion, visible } from "./wording.ts";

export const line: Reporter = function* (report) {
  for (const result of report.conditions()) yield lineOf(result);
  yield `${conclusion(report.end)}\n`;
};

function lineOf({ name, cells }: ConditionResult): string {
  const surprises = cells.filter(({ surprise }) => surprise !== undefined);
  const known = cells.find(({ expected }) => expected !== undefined);
  if (surprises.length === 0) {
    if (known === undefined) return `${SYMBOL.passed} ${name}\n`;
    return `${SYMBOL[known.verdict]} ${name}: known, ${known.expected}\n`;
  }
  const lines = surprises.map(({ scenario, verdict, reason, surprise }) => {
    const why = reason === undefined ? "" : `: ${visible(reason)}`;
    const expected = visible(surprise ?? "");
    return `  ${SYMBOL[verdict]} ${scenario} ${verdict}${why}; expected ${expected}\n`;
  });
  return `! ${name}\n${lines.join("")}`;
}
