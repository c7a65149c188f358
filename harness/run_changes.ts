/**
 * What differs between two runs, cell by cell: by the names of conditions and scenarios, so that
 * plans may differ. Alike changes are one group with an example.
 *
 * @module
 */
import type { CellResult, Report } from "./report.ts";

/**
 * - `broken`: it surprises, and did not.
 * - `mended`: it surprised, and does not.
 * - `lost`: it passed, and is known not to.
 * - `gained`: it did not pass, and does.
 * - `other`: another verdict, as expected both times.
 */
export type ChangeKind = "broken" | "mended" | "lost" | "gained" | "other";

/** Cells that changed in the same way. */
export interface Change {
  readonly kind: ChangeKind;
  readonly scenario: string;
  /** Verdicts; undefined where there was no such cell. */
  readonly before: string | undefined;
  readonly after: string;
  readonly reason: string;
  /** Name of the first such condition. */
  readonly condition: string;
  cells: number;
}

export interface RunChanges {
  /** Most cells first, in the order of the kinds. */
  readonly changes: readonly Change[];
  /** Conditions that only one of the runs has. */
  readonly added: number;
  readonly removed: number;
}

const KINDS: readonly ChangeKind[] = ["broken", "lost", "mended", "gained", "other"];
/** Groups of one kind; more are one defect with many faces, and counted in the last one. */
const GROUPS_MAX = 200;

type Row = ReadonlyMap<string, CellResult>;

export function changesOf(before: Report, after: Report): RunChanges {
  const known = new Map<string, readonly CellResult[]>();
  for (const { name, cells } of before.conditions()) known.set(name, cells);
  const rows = new WeakMap<readonly CellResult[], Row>();
  const groups = new Map<string, Change>();
  let added = 0;
  let met = 0;
  const counts = new Map<ChangeKind, number>();
  for (const { name, cells } of after.conditions()) {
    const earlier = known.get(name);
    if (earlier === undefined) added++;
    else met++;
    // Rows that conditions share are the same object within a report only.
    const row = earlier === undefined ? new Map() : rowOf(earlier, rows);
    for (const cell of cells) {
      const kind = kindOf(row.get(cell.scenario), cell);
      if (kind !== undefined) addTo(groups, counts, kind, row.get(cell.scenario), cell, name);
    }
  }
  const changes = [...groups.values()].sort(
    (a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.cells - a.cells,
  );
  return { changes, added, removed: known.size - met };
}

function rowOf(cells: readonly CellResult[], rows: WeakMap<readonly CellResult[], Row>): Row {
  const row = rows.get(cells) ?? new Map(cells.map((cell) => [cell.scenario, cell]));
  rows.set(cells, row);
  return row;
}

/** How a cell changed; undefined when it did not. What was not asked before is no change. */
function kindOf(before: CellResult | undefined, after: CellResult): ChangeKind | undefined {
  const [was, is] = [before?.surprise !== undefined, after.surprise !== undefined];
  if (is !== was) return is ? "broken" : "mended";
  if (before === undefined || before.verdict === after.verdict) return undefined;
  if (after.verdict === "passed") return "gained";
  return before.verdict === "passed" ? "lost" : "other";
}

function addTo(
  groups: Map<string, Change>,
  counts: Map<ChangeKind, number>,
  kind: ChangeKind,
  before: CellResult | undefined,
  { scenario, verdict, reason = "" }: CellResult,
  condition: string,
): void {
  const full = (counts.get(kind) ?? 0) >= GROUPS_MAX;
  const own = JSON.stringify([kind, scenario, before?.verdict, verdict, reason]);
  const key = full && !groups.has(own) ? kind : own;
  const group = groups.get(key);
  if (group !== undefined) {
    group.cells++;
    return;
  }
  counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const told = key === own ? reason : "many further reasons";
  const change = { kind, scenario, before: before?.verdict, after: verdict, reason: told };
  groups.set(key, { ...change, condition, cells: 1 });
}
