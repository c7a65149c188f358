/**
 * The releases of OpenHCL, and what differs between them in the codec itself. What differs in the
 * messages is in their schemas.
 *
 * Source: microsoft/openvmm, the tips of the release branches in August 2026.
 *
 * @module
 */

/** One release. */
export interface Release {
  readonly name: string;
  /** The commit that stands for the release. */
  readonly commit: string;
  /** Date of that commit. */
  readonly date: string;
  /**
   * Signed numbers are read with an arithmetic shift, so that those beyond 62 bits come out
   * wrong; fixed in 1.8.2607. Writing was always right.
   */
  readonly unzigzagShiftsSign: boolean;
}

/** All releases, oldest first. */
export const RELEASES: readonly Release[] = [
  { name: "2411", commit: "e415a863", date: "2025-08-15", unzigzagShiftsSign: true },
  { name: "2505", commit: "7d97b9e7", date: "2026-06-26", unzigzagShiftsSign: true },
  { name: "1.7.2511", commit: "80e2e8ab", date: "2026-07-28", unzigzagShiftsSign: true },
  { name: "1.8.2607", commit: "c06eda8a", date: "2026-08-21", unzigzagShiftsSign: false },
  { name: "main", commit: "1488a37b", date: "2026-08-21", unzigzagShiftsSign: false },
];

/** Names of {@linkcode RELEASES}, in their order. */
export const RELEASE_NAMES: readonly string[] = RELEASES.map((release) => release.name);

/** The release called `name`; throws when there is none. */
export function releaseNamed(name: string): Release {
  const found = RELEASES.find((release) => release.name === name);
  if (found !== undefined) return found;
  throw new RangeError(
    `Cannot find release as one of ${RELEASE_NAMES.join(", ")}: current value is ${name}`,
  );
}
