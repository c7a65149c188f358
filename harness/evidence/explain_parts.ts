/**
 * Failures that no single set of factors explains, as a few parts that are each explained exactly.
 *
 * Parts grow one after the other: of all sets that let nothing through that passes, each takes the
 * one that covers most of what is left. Two parts that one set explains are one.
 *
 * @module
 */
import { covers, exactSets, explain, type Weighed } from "./explain.ts";

/** Parts that are looked for; what needs more is a coincidence. */
const GROWN_MAX = 8;
/** Parts that are told. */
const PARTS_MAX = 4;

/** The parts of `failing`, as its items are; undefined when there are no few that are exact. */
export function explainParts<Edge extends Weighed>(
  failing: readonly Edge[],
  passing: readonly Weighed[],
  names: readonly string[],
): readonly (readonly Edge[])[] | undefined {
  const parts: Edge[][] = [];
  let left = [...failing];
  for (let [first] = left; first !== undefined; [first] = left) {
    if (parts.length === GROWN_MAX) return undefined;
    let best: Edge[] = [];
    for (const factors of exactSets(first, passing, names)) {
      const covered = left.filter((edge) => covers({ factors }, edge.factors));
      if (covered.length > best.length) best = covered;
    }
    if (best.length === 0) return undefined;
    parts.push(best);
    const taken = new Set(best);
    left = left.filter((edge) => !taken.has(edge));
  }
  const merged = mergedParts(parts, passing, names);
  return merged.length <= PARTS_MAX ? merged : undefined;
}

function mergedParts<Edge extends Weighed>(
  parts: readonly Edge[][],
  passing: readonly Weighed[],
  names: readonly string[],
): Edge[][] {
  const merged: Edge[][] = [];
  for (const part of parts) {
    const at = merged.findIndex((other) => {
      return explain([...other, ...part], passing, names)[0]?.passing === 0;
    });
    if (at === -1) merged.push(part);
    else merged[at] = [...(merged[at] as Edge[]), ...part];
  }
  return merged;
}
