/**
 * The slow and obvious way, for tests: every row of the full product, looked at one by one.
 *
 * @module
 */
import { type Dimension, levelsOf, type Row } from "./dimension.ts";
import { type Rule, ruleTable } from "./rule.ts";

/** Dimensions with one factor each, of these sizes. */
export function plainDimensions(sizes: readonly number[]): Dimension[] {
  let next = 0;
  return sizes.map((size) => {
    const values = Array.from({ length: size }, (_, value) => value);
    const levels = values.map((value) => (size > 1 ? [next + value] : []));
    if (size > 1) next += size;
    return { values, levels };
  });
}

/** A rule over some dimensions. */
export function ruleOver(
  dimensions: readonly Dimension[],
  about: readonly number[],
  allows: (values: readonly number[]) => boolean,
): Rule {
  const chosen = about.map((index) => dimensions[index] as Dimension);
  const sizes = chosen.map(({ levels }) => levels.length);
  const values = chosen.map((dimension) => dimension.values);
  return { table: ruleTable(sizes, values, allows), dimensions: about };
}

/** Every row, whatever the rules say. */
export function* everyRow(dimensions: readonly Dimension[]): Generator<number[]> {
  const [first, ...rest] = dimensions;
  if (first === undefined) {
    yield [];
    return;
  }
  for (const tail of everyRow(rest)) for (const value of first.values) yield [value, ...tail];
}

/** The tuples of `strength` levels that `rows` hold, as texts. */
export function tuplesOf(
  dimensions: readonly Dimension[],
  strength: number,
  rows: Iterable<Row>,
): Set<string> {
  const found = new Set<string>();
  for (const row of rows) {
    for (const tuple of subsets(levelsOf(dimensions, row), strength)) found.add(tuple.join());
  }
  return found;
}

/** The subsets of `size` elements, in the order of the elements. */
export function* subsets(elements: readonly number[], size: number): Generator<number[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (const [index, element] of elements.entries()) {
    for (const rest of subsets(elements.slice(index + 1), size - 1)) yield [element, ...rest];
  }
}
