/**
 * What is always true of the model of xenopsd, and ways to look for what is not.
 *
 * @module
 */
export { sweepMigrations } from "./migrations.ts";
export { soak } from "./soak.ts";
export { type SweepKind, sweep } from "./sweep.ts";
