/**
 * What several reporters say in the same words.
 *
 * @module
 */
import type { RunEnd, RunHeader } from "../report.ts";
import { counted, grouped, verdictCounts } from "./counts.ts";

/**
 * Shortest names that still tell the releases apart, cut at dots but no shorter than two parts:
 * `1.7.2511` becomes `1.7`.
 */
export function shortReleases(releases: readonly string[]): ReadonlyMap<string, string> {
  return new Map(
    releases.map((release) => {
      const parts = release.split(".");
      for (let length = 2; length < parts.length; length++) {
        const short = parts.slice(0, length).join(".");
        const twins = releases.filter((other) => other === short || other.startsWith(`${short}.`));
        if (twins.length === 1) return [release, short];
      }
      return [release, release];
    }),
  );
}

/** What a run was: implementation, releases, seed, plan. */
export function introduction({
  implementation,
  releases,
  seed,
  planned,
  parts,
}: RunHeader): string {
  const shapes = (parts ?? []).map(({ name, count }) => `${name} ${grouped(count)}`).join(", ");
  const plan = shapes === "" ? "" : ` (${shapes})`;
  const conditions = `${counted(planned, "condition")}${plan}`;
  return `${implementation} ${releases.join(", ")}; seed ${seed}; ${conditions}`;
}

/** How a run ended, in a line. */
export function conclusion(end: RunEnd | undefined): string {
  if (end === undefined) return "The run was interrupted";
  const counts = `${counted(end.conditions, "condition")}, ${counted(end.cells, "cell")}`;
  const stale = counted(end.stale.length, "stale expectation");
  const surprises = `${counted(end.surprises, "surprise")}, ${stale}`;
  return `${counts}: ${verdictCounts(end.verdicts)}; ${surprises}`;
}

/** Text from outside, without what a terminal or page would take for a command. */
export function visible(text: string): string {
  return text.toWellFormed().replace(/\p{Cc}/gu, "\u{FFFD}");
}
