/**
 * Two runs cell by cell: by the names of conditions and scenarios, so that plans may differ. All
 * that says what is new between runs asks here.
 *
 * @module
 */
import type { CellResult, ConditionResult, Report } from "./report.ts";

/**
 * What became of a cell:
 * - `lost`: it passed, and does not.
 * - `gained`: it did not pass, and does.
 * - `changed`: it did not pass and does not, for another reason.
 * - `unasked`: a run says nothing of it, as it is part of a plan, or nobody asks any more.
 */
export type Turn = "same" | "lost" | "gained" | "changed" | "unasked";

/** A cell of both runs, or of one. */
export interface CellPair {
  readonly before: CellResult | undefined;
  readonly after: CellResult | undefined;
  readonly turn: Turn;
}

/** A condition of both runs, or of one. */
export interface ConditionPair {
  readonly before: ConditionResult | undefined;
  readonly after: ConditionResult | undefined;
  readonly cells: readonly CellPair[];
}

type Row = ReadonlyMap<string, CellResult>;

/** All conditions in the order of `after`, then those that only `before` has. */
export function* conditionPairs(before: Report, after: Report): Generator<ConditionPair> {
  const earlier = new Map<string, ConditionResult>();
  for (const result of before.conditions()) earlier.set(result.name, slim(result));
  const parts = { before: isPart(before), after: isPart(after) };
  // Rows that conditions share are the same object within a report.
  const rows = new WeakMap<readonly CellResult[], Row>();
  const pair = (old: ConditionResult | undefined, now: ConditionResult | undefined) => ({
    before: old,
    after: now,
    cells: [...cellPairs(rowOf(old, rows), now?.cells ?? [], parts)],
  });
  for (const result of after.conditions()) {
    yield pair(earlier.get(result.name), result);
    earlier.delete(result.name);
  }
  for (const result of earlier.values()) yield pair(result, undefined);
}

interface Parts {
  readonly before: boolean;
  readonly after: boolean;
}

function* cellPairs(old: Row, cells: readonly CellResult[], parts: Parts): Generator<CellPair> {
  let met = 0;
  for (const after of cells) {
    const before = old.get(after.scenario);
    if (before !== undefined) met++;
    yield { before, after, turn: turnOf(before, after, parts) };
  }
  if (met === old.size) return;
  const now = new Set(cells.map(({ scenario }) => scenario));
  for (const before of old.values()) {
    if (now.has(before.scenario)) continue;
    yield { before, after: undefined, turn: turnOf(before, undefined, parts) };
  }
}

function turnOf(before: CellResult | undefined, after: CellResult | undefined, parts: Parts): Turn {
  // Who runs a part of a plan has not lost the rest.
  if (before === undefined) {
    return after?.verdict === "passed" && !parts.before ? "gained" : "unasked";
  }
  if (after === undefined) return before.verdict === "passed" && !parts.after ? "lost" : "unasked";
  const [passed, passes] = [before.verdict === "passed", after.verdict === "passed"];
  if (passed !== passes) return passes ? "gained" : "lost";
  const isSame = before.verdict === after.verdict && before.reason === after.reason;
  return passes || isSame ? "same" : "changed";
}

/** What is compared of a result; how far it came is told by its events alone. */
function slim({ type, name, condition, transcript, cells }: ConditionResult): ConditionResult {
  const events = transcript.map(({ event, release }) => ({ event, release, detail: "" }));
  return { type, name, condition, transcript: events, cells };
}

function rowOf(
  result: ConditionResult | undefined,
  rows: WeakMap<readonly CellResult[], Row>,
): Row {
  if (result === undefined) return new Map();
  const { cells } = result;
  const row = rows.get(cells) ?? new Map(cells.map((cell) => [cell.scenario, cell]));
  rows.set(cells, row);
  return row;
}

function isPart({ header, end }: Report): boolean {
  return header.selection !== undefined || header.shard !== undefined || end === undefined;
}
