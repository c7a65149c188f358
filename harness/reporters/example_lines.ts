/**
 * Where examples are in the report of a run, for formats that want a file and a line.
 *
 * @module
 */
import type { Report } from "../report.ts";

/** The report of a run, as others find it beside what is made from it. */
export const REPORT_NAME = "run.ndjson";

/** Line of each of `names`, counted from 1. */
export function exampleLines(
  report: Report,
  names: ReadonlySet<string>,
): ReadonlyMap<string, number> {
  const lines = new Map<string, number>();
  // The header comes first.
  let line = 1;
  for (const { name } of report.conditions()) {
    line++;
    if (names.has(name) && !lines.has(name)) lines.set(name, line);
    if (lines.size === names.size) break;
  }
  return lines;
}
