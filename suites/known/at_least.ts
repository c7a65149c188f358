/**
 * Entries about what fails for certain under usual circumstances, and perhaps elsewhere.
 *
 * @module
 */
import type { Expectation } from "../../harness/mod.ts";

/** Memory in which a pool has one place, whichever release looks for it. */
export const ONE_PLACE: readonly string[] = ["whole", "scarce", "fragmented"];

/**
 * `entry` for certain with the factors of `surely`; elsewhere something may end the path before, or
 * there may be nothing to break.
 */
export function atLeast(
  surely: Expectation["factors"],
  entry: Expectation,
): readonly [Expectation, Expectation] {
  const { name, factors } = entry;
  return [
    { ...entry, factors: { ...factors, ...surely } },
    { ...entry, name: `${name}-perhaps`, mayPass: true },
  ];
}
