/**
 * Whether tests of the real daemons can be run here: decided once, when they are registered.
 *
 * @module
 */
import { whyNotInstalled } from "./installation.ts";

const required = process.env.FREEZETHAW_REQUIRE_REAL === "1";

/** Options of a test that starts real daemons; it says why it was not run. */
export const REAL = {
  skip: required ? false : (whyNotInstalled() ?? false),
  // Daemons take milliseconds; one that hangs takes until its deadline.
  timeout: 120_000,
} as const;
