/**
 * What suites and tests may rely on in `@std/assert`, whether the stand-in or the genuine package
 * answers: which values pass, which fail, what is returned, and the first words of a failure.
 *
 * Source: the documentation of `@std/assert` 1.x.
 *
 * @module
 */
import { match, ok, rejects, strictEqual, throws } from "node:assert/strict";
import { test } from "node:test";
import * as std from "@std/assert";

const { AssertionError, equal } = std;

/** Passes when `fn` throws an AssertionError that says `words`. */
function fails(fn: () => void, words: RegExp = /(?:)/): void {
  throws(fn, (error: unknown) => {
    ok(error instanceof AssertionError, `not an AssertionError: ${error}`);
    match(error.message, words);
    return true;
  });
}

/** The same with a promise. */
async function failsLater(fn: () => Promise<unknown>, words: RegExp): Promise<void> {
  await rejects(fn, (error: unknown) => {
    ok(error instanceof AssertionError, `not an AssertionError: ${error}`);
    match(error.message, words);
    return true;
  });
}

test("AssertionError is an Error of that name and keeps its cause", () => {
  const cause = new Error("deeper");
  const error = new AssertionError("claim", { cause });
  ok(error instanceof Error);
  strictEqual(error.name, "AssertionError");
  strictEqual(error.message, "claim");
  strictEqual(error.cause, cause);
});

test("assert() and assertFalse() take any value for its truth", () => {
  std.assert([]);
  std.assertFalse("");
  std.assertFalse(0n);
  fails(() => std.assert(0, "zero"), /^zero$/);
  fails(() => std.assertFalse("x", "text"), /^text$/);
});

test("assertExists() refuses null and undefined only", () => {
  for (const value of [0, "", false, Number.NaN]) std.assertExists(value);
  fails(() => std.assertExists(null), /not be null or undefined/);
  fails(() => std.assertExists(undefined, "gone"), /gone/);
});

const CYCLE: Record<string, unknown> = { name: "a" };
CYCLE.self = CYCLE;
const SAME_CYCLE: Record<string, unknown> = { name: "a" };
SAME_CYCLE.self = SAME_CYCLE;

const EQUAL: readonly [what: string, a: unknown, b: unknown][] = [
  ["NaN", Number.NaN, Number.NaN],
  ["zeros of either sign", 0, -0],
  ["bigints", 2n ** 64n, 2n ** 64n],
  ["keys in another order", { a: 1, b: [2] }, { b: [2], a: 1 }],
  ["an object without prototype", Object.assign(Object.create(null), { a: 1 }), { a: 1 }],
  ["dates", new Date(5), new Date(5)],
  ["invalid dates", new Date(Number.NaN), new Date(Number.NaN)],
  ["patterns", /a/g, /a/g],
  ["addresses", new URL("https://example.org/"), new URL("https://example.org")],
  ["bytes", Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
  ["sets in another order", new Set([1, 2]), new Set([2, 1])],
  ["sets of objects", new Set([{ a: 1 }, { a: 2 }]), new Set([{ a: 2 }, { a: 1 }])],
  ["maps", new Map([["a", [1]]]), new Map([["a", [1]]])],
  ["maps by object", new Map([[{ k: 1 }, "v"]]), new Map([[{ k: 1 }, "v"]])],
  ["cycles", CYCLE, SAME_CYCLE],
];

test("equal() looks at contents", () => {
  for (const [what, a, b] of EQUAL) ok(equal(a, b), what);
});

const UNEQUAL: readonly [what: string, a: unknown, b: unknown][] = [
  ["number and text", 1, "1"],
  ["number and bigint", 1, 1n],
  ["null and undefined", null, undefined],
  ["null and object", null, {}],
  ["undefined and a missing key", { a: undefined }, {}],
  ["undefined and another key", { a: undefined }, { b: undefined }],
  ["list and object", [1], { 0: 1 }],
  ["lengths", [1, 2], [1]],
  ["classes", new (class A {})(), new (class B {})()],
  ["dates", new Date(5), new Date(6)],
  ["flags", /a/g, /a/i],
  ["bytes", Uint8Array.of(1, 2), Uint8Array.of(1, 3)],
  ["width of bytes", Uint8Array.of(1), Uint16Array.of(1)],
  ["set items", new Set([1, 2]), new Set([1, 3])],
  ["map values", new Map([["a", 1]]), new Map([["a", 2]])],
  ["map keys", new Map([["a", undefined]]), new Map([["b", undefined]])],
  ["symbol keys", { [Symbol.for("s")]: 1 }, { [Symbol.for("s")]: 2 }],
];

test("equal() tells types, keys and classes apart", () => {
  for (const [what, a, b] of UNEQUAL) {
    ok(!equal(a, b), what);
    ok(!equal(b, a), `${what}, the other way round`);
  }
});

test("equal() refuses to compare what cannot be listed", () => {
  throws(() => equal(new WeakMap(), new WeakMap()), TypeError);
  throws(() => equal(new WeakSet(), new WeakSet()), TypeError);
});

test("assertEquals() shows the difference and the caller's message", () => {
  std.assertEquals({ a: [1] }, { a: [1] });
  fails(() => std.assertEquals({ a: 1 }, { a: 2 }), /^Values are not equal/);
  fails(() => std.assertEquals(["one"], ["two"], "numbers"), /numbers[\s\S]*one[\s\S]*two/);
});

test("assertNotEquals() refuses equal contents", () => {
  std.assertNotEquals<unknown>({ a: 1 }, { a: 2 });
  fails(() => std.assertNotEquals({ a: 1 }, { a: 1 }), /not to be/);
});

test("assertStrictEquals() and its opposite compare as Object.is", () => {
  const object = {};
  std.assertStrictEquals(object, object);
  std.assertStrictEquals(Number.NaN, Number.NaN);
  fails(() => std.assertStrictEquals(0, -0));
  fails(() => std.assertStrictEquals({ a: 1 }, { a: 1 }), /same structure/);
  fails(() => std.assertStrictEquals(1, 2), /not strictly equal/);
  std.assertNotStrictEquals({}, {});
  fails(() => std.assertNotStrictEquals(object, object), /not be strictly equal/);
});

test("assertAlmostEquals() allows rounding, or the tolerance", () => {
  std.assertAlmostEquals(0.1 + 0.2, 0.3);
  std.assertAlmostEquals(1, 1.4, 0.5);
  std.assertAlmostEquals(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY);
  fails(() => std.assertAlmostEquals(1, 1.1), /to be close to/);
  fails(() => std.assertAlmostEquals(1, 2, 0.5), /to be close to/);
});

test("assertGreater() and its sisters order two values", () => {
  std.assertGreater(2, 1);
  std.assertGreaterOrEqual(2n, 2n);
  std.assertLess("a", "b");
  std.assertLessOrEqual(1, 1);
  fails(() => std.assertGreater(1, 1), /Expect 1 > 1/);
  fails(() => std.assertGreaterOrEqual(1, 2), /Expect 1 >= 2/);
  fails(() => std.assertLess(1, 1), /Expect 1 < 1/);
  fails(() => std.assertLessOrEqual(2, 1), /Expect 2 <= 1/);
});

test("assertMatch(), assertNotMatch() and assertStringIncludes() read text", () => {
  std.assertMatch("release 2505", /\d{4}/);
  std.assertNotMatch("release", /\d/);
  std.assertStringIncludes("release 2505", "2505");
  fails(() => std.assertMatch("release", /\d/), /to match/);
  fails(() => std.assertNotMatch("2505", /\d/), /to not match/);
  fails(() => std.assertStringIncludes("2505", "2411"), /to contain/);
});

test("assertArrayIncludes() finds equal items in any order", () => {
  std.assertArrayIncludes([{ a: 1 }, { a: 2 }], [{ a: 2 }]);
  std.assertArrayIncludes(Uint8Array.of(1, 2, 3), [3, 1]);
  fails(() => std.assertArrayIncludes([1], [1, 2]), /to include/);
});

test("assertObjectMatch() looks at expected keys only, deeply", () => {
  const actual = { a: 1, list: [{ x: 1, y: 2 }, 2], map: new Map([["k", { v: 1, w: 2 }]]) };
  std.assertObjectMatch(actual, { a: 1 });
  std.assertObjectMatch(actual, { list: [{ x: 1 }] });
  std.assertObjectMatch(actual, { map: new Map([["k", { v: 1 }]]) });
  std.assertObjectMatch({ set: new Set([1, 2]) }, { set: new Set([2]) });
  std.assertObjectMatch(CYCLE, SAME_CYCLE);
  fails(() => std.assertObjectMatch(actual, { a: 2 }));
  fails(() => std.assertObjectMatch(actual, { b: 1 }));
  fails(() => std.assertObjectMatch(actual, { list: [{ x: 2 }] }));
});

test("assertObjectMatch() keeps two views of one object apart", () => {
  const shared = { p: 1, q: 2 };
  std.assertObjectMatch({ a: shared, b: shared }, { a: { p: 1 }, b: { q: 2 } });
  fails(() => std.assertObjectMatch({ a: shared, b: shared }, { a: { p: 1 }, b: { q: 3 } }));
});

test("assertInstanceOf() narrows to a class", () => {
  std.assertInstanceOf(new RangeError(), Error);
  std.assertInstanceOf([], Array);
  fails(() => std.assertInstanceOf({}, Date), /instance of "Date"/);
  fails(() => std.assertInstanceOf(null, Date), /instance of "Date"/);
});

test("assertIsError() checks class and message", () => {
  const error = new RangeError("index 7");
  std.assertIsError(error);
  std.assertIsError(error, RangeError, "index");
  std.assertIsError(error, Error, /\d/);
  fails(() => std.assertIsError("text"), /to be an Error object/);
  fails(() => std.assertIsError(error, TypeError), /instance of "TypeError", but was "RangeError"/);
  fails(() => std.assertIsError(error, RangeError, "length"), /to include "length"/);
});

function throwRange(): never {
  throw new RangeError("index 7");
}

test("assertThrows() returns what was thrown", () => {
  strictEqual(std.assertThrows(throwRange, RangeError, "index").message, "index 7");
  ok(std.assertThrows(throwRange) instanceof RangeError);
  fails(() => std.assertThrows(() => 1), /^Expected function to throw/);
  fails(() => std.assertThrows(() => 1, "quiet"), /quiet/);
  fails(() => std.assertThrows(throwRange, TypeError), /instance of "TypeError"/);
  fails(() => std.assertThrows(throwRange, RangeError, "length"), /to include "length"/);
});

test("assertThrows() takes anything thrown unless a class is asked for", () => {
  const throwText = () => {
    throw "text";
  };
  strictEqual(std.assertThrows(throwText), "text");
  fails(() => std.assertThrows(throwText, Error), /non-Error object was thrown/);
});

test("assertRejects() resolves to what was rejected", async () => {
  const reject = () => Promise.reject(new RangeError("index 7"));
  strictEqual((await std.assertRejects(reject, RangeError, "index")).message, "index 7");
  ok((await std.assertRejects(reject)) instanceof RangeError);
  await failsLater(() => std.assertRejects(() => Promise.resolve(1)), /function to reject/);
  await failsLater(() => std.assertRejects(reject, TypeError), /instance of "TypeError"/);
});

test("assertRejects() refuses a function that throws at once", async () => {
  await failsLater(() => std.assertRejects(throwRange), /throws when expected to reject/);
});

test("fail(), unreachable() and unimplemented() always fail", () => {
  fails(() => std.fail("why"), /^Failed assertion: why$/);
  fails(() => std.fail(), /^Failed assertion\.$/);
  fails(() => std.unreachable(), /^Unreachable/);
  fails(() => std.unimplemented("later"), /^Unimplemented: later$/);
});
