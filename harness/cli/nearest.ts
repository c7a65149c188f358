/**
 * Names that a user may have meant.
 *
 * @module
 */
import { UsageError } from "./exit.ts";

/** Names shown in an error. */
const NAMES_MAX = 3;
/** Longer text is compared by its start, as the time grows with its length. */
const NAME_LENGTH_MAX = 200;

/** Returns the one of `names` that is `name`, or throws with the nearest ones. */
export function demandName<T extends string>(kind: string, name: string, names: readonly T[]): T {
  const found = names.find((candidate) => candidate === name);
  if (found !== undefined) return found;
  throw new UsageError(`Cannot find ${kind} "${name}": ${suggestion(name, names)}`);
}

/** The nearest of `names`, as the end of an error. */
export function suggestion(name: string, names: Iterable<string>): string {
  const all = [...names];
  if (all.length === 0) return "there is none";
  const found = nearest(name.slice(0, NAME_LENGTH_MAX), all);
  return all.length <= NAMES_MAX
    ? `valid are ${found.join(", ")}`
    : `nearest are ${found.join(", ")}`;
}

/** The names with the fewest edits from `name`, few, the best first. */
export function nearest(name: string, names: readonly string[]): string[] {
  const wanted = name.toLowerCase();
  return names
    .map((candidate) => ({ candidate, edits: editsTo(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits)
    .slice(0, NAMES_MAX)
    .map(({ candidate }) => candidate);
}

/**
 * Edits from `wanted` to `candidate` per letter, so that short names are not near to everything.
 * Text that `candidate` merely adds around `wanted` counts little, and what comes before its last
 * dot or slash not much more: people type the last part of a long name.
 */
function editsTo(wanted: string, candidate: string): number {
  if (wanted !== "" && candidate.includes(wanted)) {
    return (candidate.length - wanted.length) / (candidate.length + 1) / 2;
  }
  const last = candidate.slice(
    Math.max(candidate.lastIndexOf("."), candidate.lastIndexOf("/")) + 1,
  );
  return Math.min(share(wanted, candidate), share(wanted, last) + 0.1);
}

/** Edits as a part of the longer text. */
function share(a: string, b: string): number {
  return distance(a, b) / Math.max(a.length, b.length, 1);
}

/** Insertions, deletions and replacements between two texts (Levenshtein). */
export function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
