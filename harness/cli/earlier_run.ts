/**
 * What an earlier run left on disk: to go on with it, or to look again at what surprised.
 *
 * @module
 */
import { truncateSync } from "node:fs";
import type { RunHeader } from "../report.ts";
import { openReport, type ReportFile } from "../report_file.ts";
import type { Run } from "../run.ts";
import { UsageError } from "./exit.ts";

/** Names of the conditions that surprised in the report at `path`. */
export function failedConditions(path: string): ReadonlySet<string> {
  const failed = new Set<string>();
  for (const { name, cells } of opened(path).conditions()) {
    if (cells.some(({ surprise }) => surprise !== undefined)) failed.add(name);
  }
  if (failed.size > 0) return failed;
  throw new UsageError(`Cannot run only what failed as nothing in ${path} did`);
}

/**
 * Takes over the results in the report at `path`, which must be of the same plan, and cuts off
 * a torn line. Returns how many conditions are done.
 */
export function earlierRun(path: string, run: Run): number {
  const report = opened(path);
  if (report.end !== undefined) {
    throw new UsageError(
      `Cannot resume the run in ${path} as it must be interrupted: it is complete`,
    );
  }
  demandSame(path, report.header, run.header);
  for (const result of report.conditions()) run.replay(result);
  truncateSync(path, report.wholeSize);
  return run.tally.conditions;
}

/** Opens a report; a missing file is wrong use, not a broken harness. */
export function opened(path: string): ReportFile {
  try {
    return openReport(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(code === undefined ? message : `Cannot read ${path}: ${code}`);
  }
}

function demandSame(path: string, before: RunHeader, now: RunHeader): void {
  for (const key of Object.keys(now) as (keyof RunHeader)[]) {
    const [was, is] = [before[key], now[key]].map((value) => JSON.stringify(value) ?? "absent");
    if (was === is) continue;
    const change = key === "seed" || key === "selection" ? `: it was ${was} and is ${is}` : "";
    throw new UsageError(
      `Cannot resume the run in ${path} as its ${key} must be the same${change}`,
    );
  }
  if (before.selection !== undefined && now.selection === undefined) {
    throw new UsageError(
      `Cannot resume the run in ${path} as its selection must be the same: ` +
        `it was ${before.selection.join(" ")}`,
    );
  }
}
