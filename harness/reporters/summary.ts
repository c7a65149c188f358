/**
 * Grid, reasons and blackouts of a report, made in one pass and kept for the next reporter that
 * asks: to read a report again costs more than to count it.
 *
 * @module
 */
import { Reasons } from "../reasons.ts";
import type { Report } from "../report.ts";
import { Blackouts } from "./blackouts.ts";
import { Grid } from "./grid.ts";

export interface Summary {
  readonly grid: Grid;
  readonly reasons: Reasons;
  readonly blackouts: Blackouts;
}

const summaries = new WeakMap<Report, Summary>();

export function summaryOf(report: Report): Summary {
  const kept = summaries.get(report);
  if (kept !== undefined) return kept;
  const { header } = report;
  const summary = {
    grid: new Grid(header.axes),
    reasons: new Reasons(header.expectations),
    blackouts: new Blackouts(),
  };
  for (const result of report.conditions()) {
    summary.grid.add(result);
    summary.reasons.add(result);
    summary.blackouts.add(result);
  }
  summaries.set(report, summary);
  return summary;
}
