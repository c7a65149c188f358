/**
 * Several attempts at one condition as one result. Nothing that went wrong is hidden by an attempt
 * in which it did not: each cell is as in the first attempt that surprised there, or else did not
 * pass, and one whose attempts do not agree says how often it showed what.
 *
 * @module
 */
import type { CellResult, ConditionResult, Flaky } from "./report.ts";
import type { VerdictKind } from "./verdict.ts";

/** What is looked at again: a cell that surprises, or an adapter that broke. */
export function isSurprising({ cells, adapterFault }: ConditionResult): boolean {
  return adapterFault !== undefined || cells.some(({ surprise }) => surprise !== undefined);
}

/** One result of all `attempts`, which are of the same condition; at least one. */
export function combined(attempts: readonly ConditionResult[]): ConditionResult {
  const [first] = attempts;
  if (first === undefined) throw new RangeError("Cannot combine attempts as there must be one");
  const shown =
    attempts.find(({ adapterFault }) => adapterFault !== undefined) ??
    attempts.find(isSurprising) ??
    attempts.find(({ cells }) => cells.some(isBroken)) ??
    first;
  const ids = new Set(attempts.flatMap(({ cells }) => cells.map(({ scenario }) => scenario)));
  const seats = attempts.map(({ cells }) => new Map(cells.map((cell) => [cell.scenario, cell])));
  const cells = [...ids].map((id) => ofCell(seats.flatMap((seat) => seat.get(id) ?? [])));
  const waited = attempts.some((attempt) => attempt.waited === true);
  return { ...shown, ...(waited ? { waited: true } : {}), cells };
}

/** One cell of all its attempts. */
function ofCell(attempts: readonly CellResult[]): CellResult {
  const shown =
    attempts.find(({ surprise }) => surprise !== undefined) ??
    attempts.find(isBroken) ??
    attempts[0];
  if (shown === undefined) throw new RangeError("Cannot combine attempts as there must be one");
  if (attempts.every((cell) => sameOutcome(cell, shown) && cell.flaky === undefined)) return shown;
  const rates = attempts.map(rateOf);
  const verdicts: Partial<Record<VerdictKind, number>> = {};
  for (const rate of rates) {
    for (const [kind, count] of Object.entries(rate.verdicts) as [VerdictKind, number][]) {
      verdicts[kind] = (verdicts[kind] ?? 0) + count;
    }
  }
  const flaky: Flaky = {
    attempts: rates.reduce((sum, rate) => sum + rate.attempts, 0),
    surprises: rates.reduce((sum, rate) => sum + rate.surprises, 0),
    verdicts,
  };
  return { ...shown, flaky };
}

function isBroken({ verdict }: CellResult): boolean {
  return verdict !== "passed" && verdict !== "unsupported";
}

/** Words of a reason may differ, such as the number of a process. */
function sameOutcome(a: CellResult, b: CellResult): boolean {
  const isSame = a.verdict === b.verdict && a.edge === b.edge && a.expected === b.expected;
  return isSame && (a.surprise === undefined) === (b.surprise === undefined);
}

/** An older report has no verdicts of attempts that did not surprise: they are those that pass. */
function rateOf({ flaky, surprise, verdict }: CellResult): Required<Flaky> {
  if (flaky === undefined) {
    return { attempts: 1, surprises: surprise === undefined ? 0 : 1, verdicts: { [verdict]: 1 } };
  }
  const { attempts, surprises } = flaky;
  const { verdicts = { [verdict]: surprises, passed: attempts - surprises } } = flaky;
  return { attempts, surprises, verdicts };
}
