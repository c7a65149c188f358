/**
 * Several attempts at one condition as one result. Nothing that went wrong is hidden by an attempt
 * in which it did not: each cell is as in the first attempt that surprised there, and one whose
 * attempts do not agree says how many of them did.
 *
 * @module
 */
import type { CellResult, ConditionResult, Flaky } from "./report.ts";

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
    first;
  const ids = new Set(attempts.flatMap(({ cells }) => cells.map(({ scenario }) => scenario)));
  const seats = attempts.map(({ cells }) => new Map(cells.map((cell) => [cell.scenario, cell])));
  const cells = [...ids].map((id) => ofCell(seats.flatMap((seat) => seat.get(id) ?? [])));
  const waited = attempts.some((attempt) => attempt.waited === true);
  return { ...shown, ...(waited ? { waited: true } : {}), cells };
}

/** One cell of all its attempts. */
function ofCell(attempts: readonly CellResult[]): CellResult {
  const shown = attempts.find(({ surprise }) => surprise !== undefined) ?? attempts[0];
  if (shown === undefined) throw new RangeError("Cannot combine attempts as there must be one");
  if (attempts.every((cell) => sameOutcome(cell, shown) && cell.flaky === undefined)) return shown;
  const rates = attempts.map(rateOf);
  const flaky: Flaky = {
    attempts: rates.reduce((sum, rate) => sum + rate.attempts, 0),
    surprises: rates.reduce((sum, rate) => sum + rate.surprises, 0),
  };
  return { ...shown, flaky };
}

/** Words of a reason may differ, such as the number of a process. */
function sameOutcome(a: CellResult, b: CellResult): boolean {
  const isSame = a.verdict === b.verdict && a.edge === b.edge && a.expected === b.expected;
  return isSame && (a.surprise === undefined) === (b.surprise === undefined);
}

function rateOf({ flaky, surprise }: CellResult): Flaky {
  return flaky ?? { attempts: 1, surprises: surprise === undefined ? 0 : 1 };
}
