/**
 * TAP: a test point per condition, with what surprises as a diagnostic. What is known to break has
 * the directive for what is still to be done, what cannot be asked is skipped.
 *
 * Source: Test Anything Protocol, version 14.
 *
 * @module
 */
import { tokenOf } from "../replay_token.ts";
import type { CellResult, ConditionResult, Reporter } from "../report.ts";
import { flakyText } from "./wording.ts";

/** Surprises of a condition that are written out; the others are counted. */
const SURPRISES_TOLD = 20;

export const tap: Reporter = function* (report) {
  const { header, end } = report;
  yield "TAP version 14\n";
  let number = 0;
  for (const result of report.conditions()) yield* pointOf(++number, result, header.seed);
  for (const name of end?.stale ?? []) {
    yield `not ok ${++number} - ${escaped(`expectation ${name}: nothing bears it out`)}\n`;
  }
  for (const name of end?.expired ?? []) {
    yield `not ok ${++number} - ${escaped(`expectation ${name}: it has expired`)}\n`;
  }
  yield end === undefined ? "Bail out! The run was interrupted\n" : `1..${number}\n`;
};

function* pointOf(
  number: number,
  { name, cells, adapterFault }: ConditionResult,
  seed: number,
): Generator<string> {
  const surprises = cells.filter(({ surprise }) => surprise !== undefined);
  const point = `${number} - ${escaped(name)}`;
  if (surprises.length > 0 || adapterFault !== undefined) {
    yield `not ok ${point}\n  ---\n`;
    if (adapterFault !== undefined) yield `  adapter: ${JSON.stringify(adapterFault)}\n`;
    yield* surpriseLines(surprises, name, seed);
    yield "  ...\n";
    return;
  }
  const known = cells.find(({ expected }) => expected !== undefined);
  const asked = cells.filter(({ verdict }) => verdict !== "unsupported");
  if (known !== undefined) yield `not ok ${point} # TODO known: ${escaped(textOf(known))}\n`;
  else if (asked.length > 0) yield `ok ${point}\n`;
  else yield `ok ${point} # SKIP ${escaped(cells[0]?.reason ?? "nothing is asked")}\n`;
}

/** JSON is YAML, too. */
function* surpriseLines(
  surprises: readonly CellResult[],
  condition: string,
  seed: number,
): Generator<string> {
  if (surprises.length === 0) return;
  yield "  surprises:\n";
  for (const cell of surprises.slice(0, SURPRISES_TOLD)) {
    const { scenario, verdict, reason = "", surprise = "" } = cell;
    const flaky = cell.flaky === undefined ? {} : { flaky: flakyText(cell) };
    const replay = tokenOf({ scenario, condition, seed });
    const told = { scenario, verdict, reason, expected: surprise, ...flaky, replay };
    yield `    - ${JSON.stringify(told)}\n`;
  }
  const more = surprises.length - SURPRISES_TOLD;
  if (more > 0) yield `  more: ${more}\n`;
}

function textOf({ expected = "", reason = "" }: CellResult): string {
  return `${expected}: ${reason}`;
}

function escaped(text: string): string {
  return text.replace(/[\\#]/g, "\\$&");
}
