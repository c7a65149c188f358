/**
 * Grid and reasons of a report, made in one pass and kept for the next reporter that asks: to
 * read a report again costs more than to count it.
 *
 * @module
 */
import { Reasons } from "../reasons.ts";
import type { Report } from "../report.ts";
import { Grid } from "./grid.ts";

export interface Summary {
  readonly grid: Grid;
  readonly reasons: Reasons;
}

const summaries = new WeakMap<Report, Summary>();

export function summaryOf(report: Report): Summary {
  const kept = summaries.get(report);
  if (kept !== undefined) return kept;
  const { header } = report;
  const summary = { grid: new Grid(header.axes), reasons: new Reasons(header.expectations) };
  for (const result of report.conditions()) {
    summary.grid.add(result);
    summary.reasons.add(result);
  }
  summaries.set(report, summary);
  return summary;
}
