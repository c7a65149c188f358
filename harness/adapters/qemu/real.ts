/**
 * Whether tests of real QEMUs can be run here: decided once, when they are registered.
 *
 * @module
 */
import { installed } from "./installation.ts";
import type { Release } from "./releases.ts";

const required = process.env.FREEZETHAW_REQUIRE_REAL === "1";

/** Options of a test that starts `release`; it says why it was not run. */
export function real(release: Release) {
  const found = installed(release);
  const skip = required || typeof found !== "string" ? false : found;
  return { skip, timeout: 300_000 } as const;
}
