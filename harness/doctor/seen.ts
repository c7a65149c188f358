/**
 * What observe tells, as far as it must be the same.
 *
 * @module
 */
import { isObject } from "./line_reader.ts";

/** The text of a value; the same for equal values, whatever the order of their members. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner) =>
    isObject(inner) ? Object.fromEntries(Object.entries(inner).sort(byName)) : inner,
  );
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** A copy of `value` without what `pointers` lead to. */
export function without(value: unknown, pointers: readonly string[]): unknown {
  if (pointers.includes("")) return null;
  const copy = structuredClone(value);
  for (const pointer of pointers) {
    const words = wordsOf(pointer);
    const last = words.pop() ?? "";
    const holder = words.reduce<unknown>(inside, copy);
    if (holder !== null && typeof holder === "object") Reflect.deleteProperty(holder, last);
  }
  return copy;
}

/** What a JSON pointer (RFC 6901) leads to; undefined when nothing is there. */
export function at(value: unknown, pointer: string): unknown {
  return wordsOf(pointer).reduce<unknown>(inside, value);
}

/** The first place where two values differ, as a JSON pointer; undefined when they do not. */
export function difference(a: unknown, b: unknown, pointer = ""): string | undefined {
  if (canonical(a) === canonical(b)) return undefined;
  if (!isHolder(a) || !isHolder(b) || Array.isArray(a) !== Array.isArray(b)) return pointer;
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const word = name.replaceAll("~", "~0").replaceAll("/", "~1");
    const found = difference(inside(a, name), inside(b, name), `${pointer}/${word}`);
    if (found !== undefined) return found;
  }
  return pointer;
}

function isHolder(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

function inside(value: unknown, word: string): unknown {
  return isHolder(value) && Object.hasOwn(value, word)
    ? (value as Record<string, unknown>)[word]
    : undefined;
}

function wordsOf(pointer: string): string[] {
  const words = pointer.split("/").slice(1);
  return words.map((word) => word.replaceAll("~1", "/").replaceAll("~0", "~"));
}
