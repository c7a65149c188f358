import assert from "node:assert/strict";
import { test } from "node:test";
import { METHODS } from "./messages.ts";
import { shapes } from "./shape.ts";

const { either, flag, integer, list, object, oneOf, optional, record, text } = shapes;

const WRONG: readonly (readonly [check: string | undefined, told: string])[] = [
  [text("", 1).check("", ""), ' must be text that is not empty: current value is ""'],
  [text("").check(1, "/a"), "/a must be text: current value is 1"],
  [flag.check("yes", "/a"), '/a must be true or false: current value is "yes"'],
  [integer("", 1).check(0, "/a"), "/a must be an integer from 1: current value is 0"],
  [
    integer("").check(2 ** 53, "/a"),
    "/a must be an integer from 0: current value is 9007199254740992",
  ],
  [integer("").check(1.5, "/a"), "/a must be an integer from 0: current value is 1.5"],
  [oneOf("a", "b").check("c", "/a"), '/a must be one of a, b: current value is "c"'],
  [list(flag, "", 1).check([], "/a"), "/a must be a list of 1 or more: current value is []"],
  [list(flag, "").check([true, 1], "/a"), "/a/1 must be true or false: current value is 1"],
  [record(flag, "").check([], "/a"), "/a must be an object: current value is []"],
  [record(flag, "").check({ b: 1 }, "/a"), "/a/b must be true or false: current value is 1"],
  [object({ a: flag }).check({}, ""), "/a must be true or false: current value is absent"],
  [
    object({ a: optional(flag) }).check({ a: null }, ""),
    "/a must be true or false: current value is null",
  ],
  [either(flag, text("")).check(1, "/a"), "/a must be true or false: current value is 1"],
];

const RIGHT: readonly (string | undefined)[] = [
  text("").check("", ""),
  integer("").check(0, ""),
  list(flag, "").check([], ""),
  object({ a: optional(flag) }).check({ b: 1 }, ""),
  either(flag, text("")).check("x", ""),
];

test("a shape says where a value is wrong, what must be there, and what is", () => {
  for (const [found, told] of WRONG) assert.equal(found, told);
});

test("a shape takes what is right, and members that it does not name", () => {
  for (const found of RIGHT) assert.equal(found, undefined);
});

test("a long wrong value is cut", () => {
  const found = text("").check({ long: "x".repeat(1000) }, "/a") ?? "";
  assert.ok(found.length < 120, found);
});

test("hello is asked with what this harness says", () => {
  const params = { protocol: { min: 1, max: 1 }, harness: "freezethaw 0.1.0", frames: true };
  assert.equal(METHODS.hello.params.check(params, ""), undefined);
});
