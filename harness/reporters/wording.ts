/**
 * Words and numbers that several reporters print the same way.
 *
 * @module
 */
import type { RunEnd, RunHeader } from "../report.ts";
import { SYMBOL, type VerdictKind } from "../verdict.ts";

/** Order in which verdicts are listed. */
const VERDICTS = Object.keys(SYMBOL) as VerdictKind[];

/** A count with thousands set apart: `12,345`. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A count and its noun: `1 cell`, `2 cells`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

/** Verdicts of a run: `✓ 12 passed, ⊘ 3 refused`. */
export function verdictCounts(verdicts: RunEnd["verdicts"]): string {
  const present = VERDICTS.filter((kind) => verdicts[kind] !== undefined);
  return present
    .map((kind) => `${SYMBOL[kind]} ${grouped(verdicts[kind] ?? 0)} ${kind}`)
    .join(", ");
}

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
  return `${implementation} ${releases.join(", ")}; seed ${seed}; ${counted(planned, "condition")}${plan}`;
}

/** How a run ended, in a line. */
export function conclusion(end: RunEnd | undefined): string {
  if (end === undefined) return "The run was interrupted";
  const counts = `${counted(end.conditions, "condition")}, ${counted(end.cells, "cell")}`;
  const surprises = `${counted(end.surprises, "surprise")}, ${counted(end.stale.length, "stale expectation")}`;
  return `${counts}: ${verdictCounts(end.verdicts)}; ${surprises}`;
}

/** Text from outside, without what a terminal or page would take for a command. */
export function visible(text: string): string {
  return text.toWellFormed().replace(/\p{Cc}/gu, "\u{FFFD}");
}
