/**
 * What several reporters say in the same words.
 *
 * @module
 */

import { counted, grouped } from "../counted.ts";
import type { CellResult, RunEnd, RunHeader } from "../report.ts";
import { verdictCounts } from "./counts.ts";

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
  shard,
}: RunHeader): string {
  const shapes = (parts ?? []).map(({ name, count }) => `${name} ${grouped(count)}`).join(", ");
  const plan = shapes === "" ? "" : ` (${shapes})`;
  const conditions = `${counted(planned, "condition")}${plan}`;
  const own = shard === undefined ? "" : `; of these ${grouped(shard.conditions)} in shard `;
  const which = shard === undefined ? "" : `${shard.number} of ${shard.of}`;
  return `${implementation} ${releases.join(", ")}; seed ${seed}; ${conditions}${own}${which}`;
}

/** Values that no edge had, as far as they are named. */
const UNSEEN_MAX = 12;

/** What a run covered, in a line; empty where nobody has counted. */
export function coverageText(end: RunEnd | undefined): string {
  if (end?.coverage === undefined) return "";
  const { tuples, unseen } = end.coverage;
  const parts = tuples
    .filter(({ possible }) => possible > 0)
    .map(({ strength, covered, possible }) => {
      const share = Math.floor((covered / possible) * 1000) / 10;
      return `${strength}-way ${share}% (${grouped(covered)} of ${grouped(possible)})`;
    });
  const named = unseen.slice(0, UNSEEN_MAX);
  const more = unseen.length - named.length;
  const rest = more > 0 ? ` and ${grouped(more)} more` : "";
  const never = unseen.length === 0 ? "" : `; never seen: ${named.join(", ")}${rest}`;
  return `Coverage of factors: ${parts.join(", ")}${never}`;
}

/** How a run ended, in a line. */
export function conclusion(end: RunEnd | undefined): string {
  if (end === undefined) return "The run was interrupted";
  const counts = `${counted(end.conditions, "condition")}, ${counted(end.cells, "cell")}`;
  const stale = counted(end.stale.length, "stale expectation");
  const { expired = [] } = end;
  const over = expired.length === 0 ? "" : `, ${counted(expired.length, "expired expectation")}`;
  const surprises = `${counted(end.surprises, "surprise")}, ${stale}${over}`;
  const rest = `${retriedText(end)}${waitedText(end)}`;
  return `${counts}: ${verdictCounts(end.verdicts)}; ${surprises}${rest}`;
}

/** How often a cell showed what, or surprised, whose attempts do not agree; empty where they do. */
export function flakyText({ flaky }: CellResult): string {
  if (flaky === undefined) return "";
  const shown = Object.entries(flaky.verdicts ?? {}).sort(([, a], [, b]) => b - a);
  if (shown.length > 1) {
    const rates = shown.map(([kind, count]) => `${kind} in ${count}`).join(", ");
    return `flaky, ${rates} of ${flaky.attempts} attempts`;
  }
  return `flaky, surprised in ${flaky.surprises} of ${flaky.attempts} attempts`;
}

function retriedText({ retried, flaky = 0 }: RunEnd): string {
  if (retried === undefined && flaky === 0) return "";
  const { conditions, attempts } = retried ?? { conditions: 0, attempts: 0 };
  const what = `${counted(conditions, "condition")} in ${counted(attempts, "attempt")}`;
  return `; ${counted(flaky, "flaky cell")}, ${what}`;
}

function waitedText({ waited }: RunEnd): string {
  if (waited === undefined) return "";
  const { cells, conditions } = waited;
  const what = `${counted(cells, "cell")} on ${counted(conditions, "condition")}`;
  return `; of these, ${what} waited for a deadline to pass`;
}
