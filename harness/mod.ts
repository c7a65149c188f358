/**
 * What a suite may import.
 *
 * @module
 */
export { CheckError, check } from "./check.ts";
export { type Configuration, defineConfig } from "./configuration.ts";
export type { Field, Sign } from "./defect.ts";
export type { Expectation } from "./expectation.ts";
export type { FacetName, Machine } from "./facets/machine.ts";
export type { KnownDifference } from "./known_difference.ts";
export type { KnownGrowth } from "./known_growth.ts";
export { type Preparation, type Scenario, type Suite, scenario, suite } from "./scenario.ts";
