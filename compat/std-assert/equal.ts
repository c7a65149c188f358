/**
 * `equal`: deep equality as the assertions of this package mean it.
 *
 * @module
 */

/**
 * True when both values have the same type, the same own keys and equal contents. `NaN` equals
 * itself, `0` equals `-0`, a key that holds `undefined` differs from a missing key, and the order
 * of keys, of a set and of a map does not matter. Cycles are followed once.
 */
export function equal(a: unknown, b: unknown): boolean {
  return compare(a, b, new Map());
}

type Seen = Map<object, object>;

function compare(a: unknown, b: unknown, seen: Seen): boolean {
  if (a === b || Object.is(a, b)) return true;
  if (!isObject(a) || !isObject(b) || !sameKind(a, b)) return false;
  if (a instanceof Date && b instanceof Date) return Object.is(a.getTime(), b.getTime());
  if (isText(a)) return String(a) === String(b);
  refuseWeak(a);
  if (a instanceof WeakRef && b instanceof WeakRef) return compare(a.deref(), b.deref(), seen);
  if (seen.get(a) === b) return true;
  seen.set(a, b);
  if (a instanceof Set && b instanceof Set) return compareSets(a, b, seen);
  if (a instanceof Map && b instanceof Map) return compareMaps(a, b, seen);
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) {
    return compareItems(new Uint8Array(a), new Uint8Array(b));
  }
  if (isTypedArray(a) && isTypedArray(b)) return compareItems(a, b);
  return compareKeys(a, b, seen);
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}

/** Same constructor; an object without prototype counts as a plain one. */
function sameKind(a: object, b: object): boolean {
  return (a.constructor ?? Object) === (b.constructor ?? Object);
}

/** Objects whose whole content is their text. */
function isText(value: object): boolean {
  return value instanceof RegExp || value instanceof URL;
}

function refuseWeak(value: object): void {
  if (value instanceof WeakMap) throw new TypeError("Cannot compare WeakMap instances");
  if (value instanceof WeakSet) throw new TypeError("Cannot compare WeakSet instances");
}

const TypedArray = Object.getPrototypeOf(Uint8Array);

function isTypedArray(value: object): value is Uint8Array {
  return value instanceof TypedArray;
}

function compareItems(a: Uint8Array, b: Uint8Array): boolean {
  return (
    a.length === b.length &&
    a.every((item, index) => item === b[index] || Object.is(item, b[index]))
  );
}

function compareKeys(a: object, b: object, seen: Seen): boolean {
  const keys = ownKeys(a);
  if (keys.length !== ownKeys(b).length) return false;
  return keys.every(
    (key) => Object.hasOwn(b, key) && compare(Reflect.get(a, key), Reflect.get(b, key), seen),
  );
}

/** What counts: enumerable names and symbols, and what an error says and why. */
function ownKeys(value: object): PropertyKey[] {
  const hidden = value instanceof Error ? ["message", "cause", "errors"] : [];
  return Reflect.ownKeys(value).filter(
    (key) => Object.prototype.propertyIsEnumerable.call(value, key) || hidden.includes(String(key)),
  );
}

function compareSets(a: Set<unknown>, b: Set<unknown>, seen: Seen): boolean {
  if (a.size !== b.size) return false;
  return pairUp(
    [...a].filter((item) => !b.has(item)),
    [...b].filter((item) => !a.has(item)),
    (left, right) => compare(left, right, new Map(seen)),
  );
}

function compareMaps(a: Map<unknown, unknown>, b: Map<unknown, unknown>, seen: Seen): boolean {
  if (a.size !== b.size) return false;
  return pairUp(
    [...a],
    [...b],
    ([aKey, aValue], [bKey, bValue]) =>
      compare(aKey, bKey, new Map(seen)) && compare(aValue, bValue, new Map(seen)),
  );
}

/** True when every item of `left` finds an equal item of `right` that no other one took. */
function pairUp<T>(left: T[], right: T[], same: (left: T, right: T) => boolean): boolean {
  const free = [...right];
  return left.every((item) => {
    const index = free.findIndex((candidate) => same(item, candidate));
    if (index < 0) return false;
    free.splice(index, 1);
    return true;
  });
}
