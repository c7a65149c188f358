/**
 * The report as NDJSON, the form in which a run writes it.
 *
 * @module
 */
import type { Reporter } from "../report.ts";

export const ndjson: Reporter = function* (report) {
  yield `${JSON.stringify(report.header)}\n`;
  for (const result of report.conditions()) yield `${JSON.stringify(result)}\n`;
  if (report.end !== undefined) yield `${JSON.stringify(report.end)}\n`;
};
