/**
 * What to make of a stretch of fields where a writer and a reader differ.
 *
 * @module
 */
import type { Placed } from "./aligner.ts";
import type { Difference, Kind, Severity } from "./difference.ts";
import type { Field } from "./dump.ts";
import { areAlike, octetsOf } from "./octets.ts";

type Found = Omit<Difference, "section">;

/** Room that nobody uses; written as zeros and not looked at. */
const UNUSED = "unused";

export function* gapDifferences(a: readonly Placed[], b: readonly Placed[]): Generator<Found> {
  const left = [...a];
  const right = [...b];
  const pairs = [...pairsAtFront(left, right)];
  const total = sum(left);
  for (const pair of pairs) yield renamed(...pair);
  if (total !== undefined && total > 0 && total === sum(right)) {
    yield replaced(left, right, total);
    return;
  }
  for (const field of left) yield changed("field-removed", field, "the reader does not expect it");
  for (const field of right) yield changed("field-added", field, "the reader expects it");
}

/** Fields that may be one another under other names, which are taken away. */
function* pairsAtFront(a: Placed[], b: Placed[]): Generator<[Placed, Placed]> {
  // Fields of as many octets in all are better told as such than one by one.
  if (a.length !== b.length && sum(a) !== undefined && sum(a) === sum(b)) return;
  for (;;) {
    const [first] = a;
    const [other] = b;
    if (first === undefined || other === undefined) return;
    if (!areAlike(first.field, other.field)) return;
    a.shift();
    b.shift();
    yield [first, other];
  }
}

function renamed({ path, field: from }: Placed, { field: to }: Placed): Found {
  const { severity, reason } = judged(from, to);
  return { kind: "field-renamed", path, severity, reason, whenThere: severity };
}

function judged(from: Field, to: Field): Pick<Found, "severity" | "reason"> {
  if (from.isConditional !== to.isConditional) {
    const reason = `the reader has ${to.name} there, or has not`;
    return { severity: "may break", reason };
  }
  if (to.name === UNUSED) {
    const reason = "the reader leaves it unused";
    return { severity: "harmless", reason };
  }
  const reason =
    from.name === UNUSED
      ? `the reader takes ${to.name} from room that the writer leaves unused`
      : from.size === 0
        ? `the reader has ${to.name} there; the sizes of both depend on the device`
        : `the reader has ${to.name} there, of as many octets: perhaps another name`;
  return { severity: "may break", reason };
}

function replaced(a: readonly Placed[], b: readonly Placed[], total: number): Found {
  const isUnused = b.every(({ field }) => field.name === UNUSED);
  const names = b.map(({ field }) => field.name).join(", ");
  const reason = isUnused
    ? `the reader leaves the ${total} octets from here on unused`
    : `the reader has ${names} in the ${total} octets from here on`;
  const path = a[0]?.path ?? "";
  const severity = isUnused ? "harmless" : "may break";
  return { kind: "field-replaced", path, severity, reason, whenThere: severity };
}

function changed(kind: Kind, { path, field }: Placed, reason: string): Found {
  const severity: Severity = field.isConditional ? "may break" : "breaks";
  const where = field.isConditional ? " where the device has it" : "";
  return { kind, path, severity, reason: reason + where, whenThere: "breaks" };
}

/** Octets of all, if what may be arrays are none. */
function sum(fields: readonly Placed[]): number | undefined {
  let total = 0;
  for (const { field } of fields) {
    const octets = octetsOf(field, 1);
    if (octets === undefined) return undefined;
    total += octets;
  }
  return total;
}
