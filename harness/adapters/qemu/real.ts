/**
 * Whether tests of real QEMUs can be run here: decided once, when they are registered.
 *
 * @module
 */
import { installed } from "./installation.ts";
import { RELEASES, type Release } from "./releases.ts";

const required = process.env.FREEZETHAW_REQUIRE_REAL === "1";

/** Options of a test that starts `release`; it says why it was not run. */
export function real(release: Release) {
  const found = installed(release);
  const skip = required || typeof found !== "string" ? false : found;
  return { skip, timeout: 300_000 } as const;
}

/** Options of a test that starts all releases called `names`, on Node only: it costs seconds. */
export function realBoth(...names: readonly string[]) {
  const missing = RELEASES.filter(({ name }) => names.includes(name)).map(real);
  const first = missing.find(({ skip }) => skip !== false) ?? missing[0];
  const isNode = !("Deno" in globalThis || "Bun" in globalThis);
  return { timeout: 300_000, skip: isNode ? (first?.skip ?? false) : "runs on Node" } as const;
}
