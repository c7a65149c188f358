/**
 * Grid, reasons and blackouts of a report, which many reporters show.
 *
 * @module
 */
import { Reasons } from "../reasons.ts";
import type { ConditionResult, Report, Reporter } from "../report.ts";
import { Blackouts } from "./blackouts.ts";
import { Grid } from "./grid.ts";
import { type Counter, counted, counting } from "./reading.ts";

class Summary implements Counter {
  readonly grid: Grid;
  readonly reasons: Reasons;
  readonly blackouts = new Blackouts();

  constructor({ header }: Report) {
    this.grid = new Grid(header.axes);
    this.reasons = new Reasons(header.expectations);
  }

  add(result: ConditionResult): void {
    this.grid.add(result);
    this.reasons.add(result);
    this.blackouts.add(result);
  }
}

const newSummary = (report: Report): Summary => new Summary(report);

export function summaryOf(report: Report): Summary {
  return counted(report, newSummary);
}

/** `render`, which asks for the summary of its report. */
export function summing(render: Reporter): Reporter {
  return counting(newSummary, render);
}
