/**
 * `assertObjectMatch`: an object that holds at least what is expected.
 *
 * @module
 */
import { assertEquals } from "./equals.ts";

type Loose = Record<PropertyKey, unknown>;

/**
 * Throws unless every key of `expected`, deeply, has an equal value in `actual`. Lists match by
 * index, sets and maps by their common entries; classes do not count, only contents.
 */
export function assertObjectMatch(
  actual: Record<PropertyKey, unknown>,
  expected: Record<PropertyKey, unknown>,
  msg?: string,
): void {
  assertEquals(overlap(actual, expected), overlap(expected, expected), msg);
}

/** The part of `actual` that `expected` speaks of, as plain objects. */
function overlap(actual: Loose, expected: Loose): unknown {
  return part(actual, expected, new WeakMap());
}

/** Results by actual and expected object, so that a cycle ends. */
type Seen = WeakMap<object, WeakMap<object, Loose>>;

function part(actual: unknown, expected: unknown, seen: Seen): unknown {
  if (!isObject(actual) || !isObject(expected)) return actual;
  if (actual instanceof RegExp || actual instanceof Date) return actual;
  const known = seen.get(actual)?.get(expected);
  if (known !== undefined) return known;
  if (actual instanceof Set && expected instanceof Set) {
    return new Set([...actual].filter((item) => expected.has(item)));
  }
  if (actual instanceof Map && expected instanceof Map) {
    const common = [...actual].filter(([key]) => expected.has(key));
    return new Map(common.map(([key, value]) => [key, part(value, expected.get(key), seen)]));
  }
  const result: Loose = {};
  seen.set(actual, (seen.get(actual) ?? new WeakMap()).set(expected, result));
  for (const key of Reflect.ownKeys(actual)) {
    if (key === "length" && Array.isArray(actual)) continue;
    if (key in expected) result[key] = part(actual[key], expected[key], seen);
  }
  return result;
}

function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null;
}
