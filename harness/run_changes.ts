/**
 * What is new for who expects some of it: cells that changed alike are one group with an example.
 *
 * @module
 */
import { type CellPair, conditionPairs } from "./changed_cells.ts";
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

export function changesOf(before: Report, after: Report): RunChanges {
  const groups = new Map<string, Change>();
  const counts = new Map<ChangeKind, number>();
  let added = 0;
  let removed = 0;
  for (const { before: old, after: now, cells } of conditionPairs(before, after)) {
    if (now === undefined) removed++;
    if (old === undefined) added++;
    if (now === undefined) continue;
    for (const pair of cells) {
      const kind = kindOf(pair);
      if (kind !== undefined && pair.after !== undefined) {
        addTo(groups, counts, kind, pair.before, pair.after, now.name);
      }
    }
  }
  const changes = [...groups.values()].sort(
    (a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || b.cells - a.cells,
  );
  return { changes, added, removed };
}

/** How a cell changed; undefined when it did not. What was not asked before is no change. */
function kindOf({ before, after, turn }: CellPair): ChangeKind | undefined {
  if (after === undefined) return undefined;
  const [was, is] = [before?.surprise !== undefined, after.surprise !== undefined];
  if (is !== was) return is ? "broken" : "mended";
  if (before === undefined || before.verdict === after.verdict) return undefined;
  return turn === "lost" || turn === "gained" ? turn : "other";
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
