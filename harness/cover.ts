/**
 * `cover`: paths of two hops such that every tuple of values of different factors that can happen
 * together does, at a strength of 1 to 4. The rows of one edition come before those of the next
 * and know nothing of them, so what is appended to a space leaves the names of earlier rows alone.
 * Rows with a value that leaves in an edition end there, and what they alone have is covered anew.
 * At most one axis that is reserved is not at its neutral value; the swarm has several.
 *
 * @module
 */
import type { Axis, Space } from "./axis.ts";
import type { Condition } from "./condition.ts";
import { coveringRows } from "./covering/covering_rows.ts";
import type { Row } from "./covering/dimension.ts";
import { layoutOf } from "./layout.ts";
import { editionsOf } from "./variables.ts";

export const STRENGTH_MAX = 4;

/** By strength; a plan is streamed more than once, and rows are small. */
const rowsOfSpaces = new WeakMap<Space, Map<number, readonly Row[]>>();

/** The covering conditions of `space`. */
export function* cover(space: Space, strength: number): Generator<Condition> {
  const { conditionOf } = layoutOf(space, { hops: 2, varies });
  for (const row of rowsOf(space, strength)) yield conditionOf(row);
}

/** Axes that rows and counts of coverage vary. */
export function varies({ onDemand }: Axis): boolean {
  return onDemand !== true;
}

/** The axes that disturb a run, one at a time: two at once would hide each other. */
function disturbances({ axes }: Space, edition: number): readonly (Axis | undefined)[] {
  const found = axes.filter(
    (axis) => axis.reserved && varies(axis) && (axis.edition ?? 1) <= edition,
  );
  return found.length === 0 ? [undefined] : found;
}

function rowsOf(space: Space, strength: number): readonly Row[] {
  const ofSpace = rowsOfSpaces.get(space) ?? new Map<number, readonly Row[]>();
  rowsOfSpaces.set(space, ofSpace);
  const known = ofSpace.get(strength);
  if (known !== undefined) return known;
  let rows: Row[] = [];
  for (let edition = 1; edition <= editionsOf(space); edition++) {
    for (const disturbance of disturbances(space, edition)) {
      const alone = (axis: Axis) => varies(axis) && (!axis.reserved || axis === disturbance);
      const layout = layoutOf(space, { hops: 2, edition, varies: alone });
      const { dimensions, rules } = layout;
      rows = rows.filter((row) => !layout.isPast(row));
      rows.push(...coveringRows(dimensions, rules, strength, rows));
    }
  }
  ofSpace.set(strength, rows);
  return rows;
}
