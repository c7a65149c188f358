/**
 * Why a way is not safe: the failures on it, with the factors that tell them from what passes.
 *
 * @module
 */
import type { CellResult, Report } from "../report.ts";
import { Failures, type Group } from "./failures.ts";
import { wayOf } from "./route_evidence.ts";
import { admission, type Circumstances } from "./upgrade_evidence.ts";

/** Groups of failures of `report` on exactly this way, known ones among them unless allowed. */
export function whyNot(
  report: Report,
  way: readonly string[],
  circumstances: Circumstances,
): readonly Group[] {
  const failures = new Failures(report.header);
  const admits = admission(report.header, circumstances);
  for (const result of report.conditions()) {
    const { path } = result.condition;
    if (wayOf(path.map(({ release }) => release)) !== wayOf(way)) continue;
    if (admits(result) !== "yes") continue;
    const isCounted = ({ verdict, expected }: CellResult) =>
      verdict !== "passed" && !(circumstances.allowsKnown && expected !== undefined);
    const cells = result.cells.map((cell): CellResult => {
      const { surprise: _, ...plain } = cell;
      return isCounted(cell) ? { ...plain, surprise: "passed" } : plain;
    });
    failures.add({ ...result, cells });
  }
  return failures.groups();
}
