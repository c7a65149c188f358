/**
 * How many octets a field has on the wire, as far as its description tells.
 *
 * @module
 */
import type { Field } from "./dump.ts";

/**
 * Octets of all elements; undefined when the description does not tell. `unknownCount` is taken for
 * the length of arrays that is not told.
 */
export function octetsOf(field: Field, unknownCount?: number): number | undefined {
  const { size, count = unknownCount, body, isConditional } = field;
  if (isConditional || count === undefined) return undefined;
  if (body === undefined) return size === 0 ? undefined : size * count;
  // Subsections are there or not.
  if (body.subsections.length > 0 || body.fields === undefined) return undefined;
  let total = 0;
  for (const inner of body.fields) {
    const octets = octetsOf(inner, unknownCount);
    if (octets === undefined) return undefined;
    total += octets;
  }
  return total * count;
}

/** Whether values may have as many octets as each other: for all that is known, they have. */
export function areAlike(a: Field, b: Field): boolean {
  if (a.body !== undefined || b.body !== undefined) {
    return octetsOf(a) !== undefined && octetsOf(a) === octetsOf(b);
  }
  if (a.size === 0 || b.size === 0) return a.size === b.size;
  if (a.count !== undefined && b.count !== undefined) return a.size * a.count === b.size * b.count;
  if (a.count === undefined && b.count === undefined) return a.size === b.size;
  // One side may be an array of any length.
  const [element, total] =
    a.count === undefined ? [a.size, b.size * (b.count ?? 1)] : [b.size, a.size * a.count];
  return total % element === 0;
}
