import assert from "node:assert/strict";
import { test } from "node:test";
import { ARG_LENGTH_MAX, ARGS_MAX, deviceSetsOf, readDeviceSets, SETS_MAX } from "./device_sets.ts";

const one = (args: unknown) => [{ name: "a", args }];
const named = (name: unknown) => [{ name, args: [] }];

test("deviceSetsOf() takes sets up to its limits", () => {
  assert.equal(deviceSetsOf(one(new Array(ARGS_MAX).fill("x".repeat(ARG_LENGTH_MAX)))).length, 1);
  const many = Array.from({ length: SETS_MAX }, (_, at) => ({ name: `s${at}`, args: [] }));
  assert.equal(deviceSetsOf(many).length, SETS_MAX);
  assert.equal(deviceSetsOf(named("n".repeat(100)))[0]?.name.length, 100);
});

const HOSTILE: readonly (readonly [what: string, value: unknown])[] = [
  ["nothing", null],
  ["an object", {}],
  ["no set", []],
  ["too many sets", new Array(SETS_MAX + 1).fill({ name: "a", args: [] })],
  ["a list in place of a set", [[]]],
  ["a number in place of a set", [1]],
  ["no name", [{ args: [] }]],
  ["a name that is none", named("a b")],
  ["a name with a path", named("../a")],
  ["a name that is too long", named("n".repeat(101))],
  ["a name twice", [...named("a"), ...named("a")]],
  ["another key", [{ name: "a", args: [], run: "rm" }]],
  ["a prototype", JSON.parse('[{"name": "a", "args": [], "__proto__": {}}]')],
  ["text in place of arguments", one("-device e1000")],
  ["too many arguments", one(new Array(ARGS_MAX + 1).fill("x"))],
  ["a number as argument", one([1])],
  ["an argument with a zero", one(["a\0b"])],
  ["an argument that is too long", one(["x".repeat(ARG_LENGTH_MAX + 1)])],
  ["an argument of the harness", one(["-qmp", "stdio"])],
];

test("deviceSetsOf() rejects anything else, in one line", () => {
  for (const [what, value] of HOSTILE) {
    const said = (error: unknown) =>
      error instanceof RangeError &&
      /^Cannot read device sets as [^\n]{5,300}$/.test(error.message);
    assert.throws(() => deviceSetsOf(value), said, what);
  }
});

test("readDeviceSets() reads the sets of the grid, and says what is no JSON", () => {
  const file = new URL("../../../fixtures/qemu/device_sets.json", import.meta.url);
  assert.ok(readDeviceSets(file).length >= 70);
  assert.throws(
    () => readDeviceSets(new URL(import.meta.url)),
    /^RangeError: Cannot read device sets as the file must be JSON: [^\n]+$/,
  );
});
