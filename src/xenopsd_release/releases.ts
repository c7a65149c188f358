/**
 * The releases of xenopsd, oldest first.
 *
 * @module
 */
import type { Release } from "./release.ts";
import { RELEASE_2013 } from "./release_2013.ts";
import { RELEASE_2017 } from "./release_2017.ts";
import { RELEASE_2022 } from "./release_2022.ts";
import { RELEASE_2023 } from "./release_2023.ts";
import { RELEASE_2026 } from "./release_2026.ts";
import { RELEASE_LIMA } from "./release_lima.ts";
import { RELEASE_NAPLES } from "./release_naples.ts";

export const RELEASES: readonly Release[] = [
  RELEASE_2013,
  RELEASE_2017,
  RELEASE_LIMA,
  RELEASE_NAPLES,
  RELEASE_2022,
  RELEASE_2023,
  RELEASE_2026,
];

export function releaseOf(name: string): Release {
  const found = RELEASES.find((release) => release.name === name);
  if (found !== undefined) return found;
  throw new RangeError(`Cannot find release as it must be known: current value is ${name}`);
}
