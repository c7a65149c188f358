/**
 * A hop in between leaves no trace: the guest finds the same machine, whether its state went from
 * A to C, or from A to B and on to C without anything having happened at B. What B does not know is
 * lost there; the table names everything that a guest can tell.
 *
 * @module
 */
import { check } from "../check.ts";
import { namePattern } from "../name_pattern.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { differencesOf } from "../sight.ts";
import { DETOUR, type DetourRow } from "./tables.ts";

const ROWS = DETOUR.rows.map((row) => ({ row, names: namePattern(row.place) }));

export const detour: Oracle = {
  name: "detour",
  must: "A hop in between changes nothing for the guest, but for what the table says is lost there",
  source: "fixtures/openhcl/detour.json",
  needs: [],
  wants: ["detour"],
  judge(edge) {
    const { detour: ways } = edge;
    // A way that does not arrive is judged where it fails, on a path of its own.
    if (ways?.direct.sight === undefined || ways.round.sight === undefined) return;
    for (const { place, words } of differencesOf(ways.direct.sight, ways.round.sight)) {
      const declared = ROWS.some(({ row, names }) => names(place) && speaksOf(row, edge));
      check(declared, `by way of ${edge.writer.release}, ${words}`);
    }
  },
};

function speaksOf(row: DetourRow, { condition, writer, reader }: Edge): boolean {
  const { path, settings } = condition;
  return (
    row.first.includes(path[0].release) &&
    row.via.includes(writer.release) &&
    row.last.includes(reader.release) &&
    (row.fault === undefined || row.fault === settings.fault) &&
    (row.point === undefined || row.point === settings.point) &&
    (row.ids === undefined || row.ids.some((ids) => ids === settings.ids))
  );
}
