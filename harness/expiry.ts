/**
 * Expectations that come to an end: on a day, or with a release. What day it is comes from outside,
 * so that a run stays the same whenever it is run again.
 *
 * @module
 */
import type { Expectation } from "./expectation.ts";
import type { ConditionResult } from "./report.ts";

const DAY = /^\d{4}-\d\d-\d\d$/;

/** Whether `text` is a day of the calendar, written `2026-12-31`. */
export function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return DAY.test(text) && !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

/** Notes which entries were needed after their end. */
export class Expiry {
  readonly #order: ReadonlyMap<string, number>;
  /** Number of the first release that each entry must not be needed for. */
  readonly #firstWithout = new Map<string, number>();
  /** Last days by name of entry. */
  readonly #days = new Map<string, string>();
  readonly #expired = new Set<string>();

  /** `releases`, oldest first. */
  constructor(entries: readonly Expectation[], releases: readonly string[]) {
    this.#order = new Map(releases.map((release, index) => [release, index]));
    for (const { name, expires } of entries) {
      if (expires === undefined) continue;
      const release = this.#order.get(expires);
      if (release !== undefined) this.#firstWithout.set(name, release);
      else if (isDay(expires)) this.#days.set(name, expires);
      else {
        throw new RangeError(
          `Cannot expect ${name} as expires must be a day, 2026-12-31, or one of ` +
            `${releases.join(", ")}: current value is ${expires}`,
        );
      }
    }
  }

  /** Takes in a condition that was judged. */
  add({ condition: { path }, cells }: ConditionResult): void {
    if (this.#firstWithout.size === 0) return;
    for (const { expected, edge } of cells) {
      const first = expected === undefined ? undefined : this.#firstWithout.get(expected);
      if (expected === undefined || first === undefined || edge === undefined) continue;
      const sides = [path[edge], path[edge + 1]];
      const newest = Math.max(...sides.map((hop) => this.#order.get(hop?.release ?? "") ?? -1));
      if (newest >= first) this.#expired.add(expected);
    }
  }

  /** Those that a release has ended so far. */
  get byRelease(): readonly string[] {
    return [...this.#expired];
  }

  /** Takes over what another part of the run has seen. */
  adopt(expired: readonly string[]): void {
    for (const name of expired) this.#expired.add(name);
  }

  /** Those of `matched` that had ended, by release or before the day `today`, when that is told. */
  expired(matched: readonly string[], today: string | undefined): string[] {
    const isOver = (name: string) => today !== undefined && (this.#days.get(name) ?? today) < today;
    return matched.filter((name) => this.#expired.has(name) || isOver(name)).toSorted();
  }
}
