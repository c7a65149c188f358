/**
 * The report as NDJSON, the form in which a run writes it.
 *
 * @module
 */
import { lineOf } from "../ndjson_writer.ts";
import type { Reporter } from "../report.ts";

export const ndjson: Reporter = function* (report) {
  yield lineOf(report.header);
  for (const result of report.conditions()) yield lineOf(result);
  if (report.end !== undefined) yield lineOf(report.end);
};
