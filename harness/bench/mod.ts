/**
 * Comparing what two sides cost, on a machine that does other things, too.
 *
 * @module
 */
export { orderOf, type SideName } from "./block_order.ts";
export { ClockError } from "./clock_error.ts";
export { type ComparisonInput, type ComparisonState, compare } from "./comparison.ts";
export type { ExactJudged } from "./exact.ts";
export { type GateResult, type GateRow, gated, ratioOf, type Standing } from "./gate.ts";
export { Grid, type GridInput, type GridRow } from "./grid.ts";
export { type CostChange, costChanges } from "./grid_change.ts";
export { gridMetrics } from "./grid_lines.ts";
export { gridPage } from "./grid_page.ts";
export {
  ALL,
  type Cost,
  costsOf,
  failuresOf,
  GRID_SCHEMA,
  GRID_TYPE,
  type GridResult,
} from "./grid_result.ts";
export { KeepingRuns, keptRuns } from "./kept_runs.ts";
export { ALPHA } from "./looks.ts";
export { SideError } from "./measured.ts";
export { thisMachine } from "./measuring_machine.ts";
export { type Metric, readMetrics } from "./metric.ts";
export { evenly, type SampleInput, sample } from "./sample.ts";
export { spread } from "./spread.ts";
export {
  readHeader,
  readResult,
  type StoredHeader,
  type StoredResult,
  whyNoBaseline,
} from "./stored_result.ts";
export { type StoredTrend, type Triple, trendPlaces } from "./trend.ts";
export { drawn, replayed, type SelfTestRow } from "./trust.ts";
export type { BenchVerdict, Judged } from "./verdict.ts";
