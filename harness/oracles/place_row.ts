/**
 * Where a hop puts its pool, by table.
 *
 * @module
 */
import type { Condition } from "../condition.ts";
import type { Hop } from "../path.ts";
import { type PlaceRow, POOL_PLACEMENT, rowOf } from "./tables.ts";

type Settings = Condition["settings"];

/** Where a hop without a region of the last boot puts its pool; undefined when it has none. */
export function placeRow({ release, inputs }: Hop, { placement }: Settings): PlaceRow | undefined {
  if (inputs.pool !== "privatepool") return undefined;
  return rowOf(
    POOL_PLACEMENT.rows,
    `pool of ${release} in ${placement} memory`,
    (row) =>
      row.placements.includes(placement ?? "whole") &&
      row.releases.includes(release) &&
      row.images.includes(inputs.image ?? "usual"),
  );
}
