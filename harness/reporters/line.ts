/**
 * One line per condition, and one more for each surprise, with the token that runs it again.
 *
 * @module
 */
import { tokenOf } from "../replay_token.ts";
import type { ConditionResult, Reporter } from "../report.ts";
import { SYMBOL } from "../verdict.ts";
import { visible } from "../visible.ts";
import { conclusion, flakyText } from "./wording.ts";

export const line: Reporter = function* (report) {
  for (const result of report.conditions()) yield lineOf(result, report.header.seed);
  yield `${conclusion(report.end)}\n`;
};

function lineOf({ name, cells }: ConditionResult, seed: number): string {
  const surprises = cells.filter(({ surprise }) => surprise !== undefined);
  const known = cells.find(({ expected }) => expected !== undefined);
  if (surprises.length === 0) {
    if (known === undefined) return `${SYMBOL.passed} ${name}\n`;
    return `${SYMBOL[known.verdict]} ${name}: known, ${known.expected}\n`;
  }
  const lines = surprises.map((cell) => {
    const { scenario, verdict, reason, surprise } = cell;
    const why = reason === undefined ? "" : `: ${visible(reason)}`;
    const expected = visible(surprise ?? "");
    const token = visible(tokenOf({ scenario, condition: name, seed }));
    const flaky = cell.flaky === undefined ? "" : `; ${flakyText(cell)}`;
    const found = `${scenario} ${verdict}${why}; expected ${expected}${flaky}`;
    return `  ${SYMBOL[verdict]} ${found}; --replay ${token}\n`;
  });
  return `! ${name}\n${lines.join("")}`;
}
