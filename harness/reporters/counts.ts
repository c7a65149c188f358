/**
 * Numbers as several reporters print them.
 *
 * @module
 */
import { counted, grouped } from "../counted.ts";
import type { RunEnd } from "../report.ts";
import { SYMBOL, type VerdictKind } from "../verdict.ts";

/** Order in which verdicts are listed. */
const VERDICTS = Object.keys(SYMBOL) as VerdictKind[];

/** Cells of a group: `3 cells, 1 of them flaky`. */
export function cellsOf({ cells, flaky = 0 }: { cells: number; flaky?: number }): string {
  return `${counted(cells, "cell")}${flaky > 0 ? `, ${grouped(flaky)} of them flaky` : ""}`;
}

/** Verdicts of a run: `✓ 12 passed, ⊘ 3 refused`. */
export function verdictCounts(verdicts: RunEnd["verdicts"]): string {
  const present = VERDICTS.filter((kind) => verdicts[kind] !== undefined);
  return present
    .map((kind) => `${SYMBOL[kind]} ${grouped(verdicts[kind] ?? 0)} ${kind}`)
    .join(", ");
}
