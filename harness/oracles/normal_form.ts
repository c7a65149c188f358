/**
 * A save right after a restore writes what the restore has read: the state in its normal form,
 * which is what the reader's schema makes of it. Only what the table names may differ: times,
 * counters, and what a reader makes of a field that its writer does not have.
 *
 * @module
 */
import { codecFor } from "../../src/mesh/mod.ts";
import { ServicingState } from "../../src/openhcl_state/mod.ts";
import { check } from "../check.ts";
import { namePattern } from "../name_pattern.ts";
import type { Edge, Oracle } from "../oracle.ts";
import { ByPair } from "./by_pair.ts";
import { decoded } from "./decoded.ts";
import { savedDifferences } from "./saved_differences.ts";
import { NORMAL_FORM, type NormalFormRow, type NormalFormWhen } from "./tables.ts";

interface NamedRow extends NormalFormRow {
  readonly names: (place: string) => boolean;
}

const ROWS: readonly NamedRow[] = NORMAL_FORM.rows.map((row) => {
  const patterns = [row.place].flat().map(placePattern);
  return { ...row, names: (place) => patterns.some((matches) => matches(place)) };
});

/** In a place `#` stands for a number, or for numbers with hyphens: the key of an element. */
function placePattern(place: string): (name: string) => boolean {
  if (!place.includes("#")) return namePattern(place);
  const parts = place.split(/([*#])/).map((part) => {
    if (part === "*") return ".*";
    return part === "#" ? "[\\d-]+" : part.replaceAll(".", "\\.");
  });
  const expression = new RegExp(`^${parts.join("")}$`);
  return (name) => expression.test(name);
}

/** The rows that speak of a place, for each pair of releases. Places are few. */
const known = new ByPair<Map<string, readonly NamedRow[]>>();

export const normalForm: Oracle = {
  name: "normal-form",
  must: "Saved again right after its restore, a state is what it was, but for what the table names",
  source: "fixtures/openhcl/normal_form.json",
  needs: [],
  wants: ["again"],
  judge(edge) {
    const resaved = edge.again?.resaved;
    const read = decoded(edge)?.read;
    if (resaved === undefined || read === undefined) return;
    const { release } = edge.reader;
    const again = codecFor(ServicingState, release).decode(resaved.bytes);
    for (const { place, words } of savedDifferences(read, again, release)) {
      check(isDeclared(place, edge), words);
    }
  },
};

function isDeclared(place: string, edge: Edge): boolean {
  const { writer, reader } = edge;
  const places = known.get(writer.release, reader.release, () => new Map());
  let rows = places.get(place);
  if (rows === undefined) {
    rows = ROWS.filter(
      ({ names, writers, readers }) =>
        (writers?.includes(writer.release) ?? true) &&
        (readers?.includes(reader.release) ?? true) &&
        names(place),
    );
    places.set(place, rows);
  }
  return rows.some(({ when = [] }) =>
    [when].flat().every((each) => {
      const value = valueFor(each, edge);
      return value !== undefined && [each.value].flat().includes(value);
    }),
  );
}

/** What the axis of a row is on the edge; on one of its sides, if it names that. */
function valueFor(when: NormalFormWhen, edge: Edge): string | undefined {
  const [side, axis = ""] = when.axis.split(".");
  if (side === "writer" || side === "reader") return edge[side].inputs[axis];
  return settingsFor(when, edge)[when.axis];
}

/** The settings of the edge, or of the first one as long as what they have brought about lasts. */
function settingsFor(
  { lasts = [] }: NormalFormWhen,
  { condition: { path, settings: first }, index, settings }: Edge,
): Edge["settings"] {
  if (index === 0) return settings;
  const unread = path.slice(1, index + 1).every(({ release }) => lasts.includes(release));
  return unread ? first : settings;
}
