/**
 * `freezethaw bench`: what saving and restoring cost, and which of two sides costs more.
 *
 * @module
 */
import type { Command } from "commander";
import { addCompare } from "./bench_compare.ts";
import { addFigures } from "./bench_figures.ts";
import { addGate } from "./bench_gate.ts";
import { addGrid } from "./bench_grid.ts";
import { addOwn } from "./bench_own.ts";
import { addSample } from "./bench_sample.ts";
import { addTrend } from "./bench_trend.ts";
import { addSelfTest } from "./bench_trust.ts";
import type { Session } from "./session.ts";

export function addBench(program: Command, session: Session): void {
  const bench = program.command("bench").description("measure what saving and restoring cost");
  addGrid(bench, session);
  addTrend(bench, session);
  addOwn(bench, session);
  addSample(bench, session);
  addCompare(bench, session);
  addGate(bench, session);
  addFigures(bench, session);
  addSelfTest(bench, session);
}
