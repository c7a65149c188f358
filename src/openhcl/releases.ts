/**
 * Every release that can be booted, oldest first.
 *
 * @module
 */
import type { Release } from "./release.ts";
import { RELEASE_2411 } from "./release_2411.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_2511 } from "./release_2511.ts";
import { RELEASE_2607 } from "./release_2607.ts";
import { RELEASE_MAIN } from "./release_main.ts";

export const RELEASES: readonly Release[] = [
  RELEASE_2411,
  RELEASE_2505,
  RELEASE_2511,
  RELEASE_2607,
  RELEASE_MAIN,
];

/** The release called `name`. */
export function releaseNamed(name: string): Release {
  const found = RELEASES.find((release) => release.name === name);
  if (found !== undefined) return found;
  const names = RELEASES.map((release) => release.name).join(", ");
  throw new RangeError(
    `Cannot boot release as name must be one of ${names}: current value is ${name}`,
  );
}
