/**
 * Every seeded defect, and releases that have one.
 *
 * @module
 */
import type { SeededDefect } from "./defect.ts";
import { NVME_DEFECTS } from "./nvme_defects_table.ts";
import type { Release } from "./release.ts";
import { SERVICING_DEFECTS } from "./servicing_defects_table.ts";
import { VMBUS_DEFECTS } from "./vmbus_defects_table.ts";

export const DEFECTS: readonly SeededDefect[] = [
  ...NVME_DEFECTS,
  ...SERVICING_DEFECTS,
  ...VMBUS_DEFECTS,
];

const seededReleases = new WeakMap<Release, Map<string, Release>>();

/** `release` with the defect called `name`; the same object for the same two. */
export function withDefect(release: Release, name: string): Release {
  const ofRelease = seededReleases.get(release) ?? new Map<string, Release>();
  seededReleases.set(release, ofRelease);
  const seeded = ofRelease.get(name) ?? { ...release, ...defectNamed(name).changes(release) };
  ofRelease.set(name, seeded);
  return seeded;
}

function defectNamed(name: string): SeededDefect {
  const found = DEFECTS.find((defect) => defect.name === name);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot seed defect as its name must be one of DEFECTS: current value is ${name}`,
  );
}
