/**
 * `assertInstanceOf`: narrows an object to a class.
 *
 * @module
 */
import { AssertionError, suffix } from "./assertion_error.ts";

/** Any class, abstract ones too. */
export type Class<T = unknown> = abstract new (...args: never[]) => T;

/** Throws unless `actual` is an instance of `expected`. */
export function assertInstanceOf<C extends Class>(
  actual: unknown,
  expected: C,
  msg?: string,
): asserts actual is InstanceType<C> {
  if (actual instanceof expected) return;
  throw new AssertionError(
    `Expected object to be an instance of "${expected.name || "anonymous class"}" ` +
      `but was ${describe(actual)}${suffix(msg)}`,
  );
}

function describe(value: unknown): string {
  if (value === null) return '"null"';
  if (typeof value !== "object") return `"${typeof value}"`;
  const name = value.constructor?.name;
  return name === undefined ? '"an object without prototype"' : `"${name}"`;
}
