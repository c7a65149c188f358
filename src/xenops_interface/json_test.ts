import assert from "node:assert/strict";
import { test } from "node:test";
import { JsonError, RpcDict, readJson, writeJson } from "./mod.ts";

/** What must come back as it was. */
const EXACT = [
  "null",
  "true",
  '"a\\nb\\u0001é"',
  "9007199254740993",
  "-9223372036854775808",
  "9223372036854775807",
  "1700000000.5",
  "0.0",
  "-0.0",
  "1e+21",
  "[]",
  "{}",
  '{"b":1,"a":2,"b":3}',
  '[[[]],{"":[null]}]',
];

for (const text of EXACT) {
  test(`readJson() and writeJson() keep ${text}`, () => {
    assert.equal(writeJson(readJson(text)), text);
  });
}

test("readJson() tells whole numbers from floats", () => {
  assert.deepEqual(readJson(" [ 1 , 1.0 , 1e0 , -0 ] "), [1n, 1, 1, 0n]);
});

test("readJson() keeps keys in order and twice", () => {
  const dict = readJson('{"b":1,"a":2,"b":3}');
  assert.ok(dict instanceof RpcDict);
  assert.deepEqual(dict.entries, [
    ["b", 1n],
    ["a", 2n],
    ["b", 3n],
  ]);
  assert.equal(dict.get("b"), 1n);
});

test("writeJson() refuses a float that JSON has no text for", () => {
  assert.throws(() => writeJson([Number.NaN]), /must be finite: current value is NaN/);
});

/** Text, the character at fault, what is asked for there. */
const BAD: readonly (readonly [text: string, offset: number, requirement: string])[] = [
  ["", 0, "a value"],
  ["[1,]", 3, "a value"],
  ["[1 2]", 3, '"," or "]"'],
  ['{"a" 1}', 5, '":"'],
  ["{a:1}", 1, "a text"],
  ['{"a":1,}', 7, "a text"],
  ['"abc', 0, "a text"],
  ['"\t"', 0, "a text"],
  ['"\\x"', 0, "a text"],
  ['"\\ud800"', 0, "a text of whole characters"],
  ["01", 1, "the end"],
  ["1 1", 2, "the end"],
  ["tru", 0, "a value"],
  ["NaN", 0, "a value"],
  ["1e999", 0, "a finite number"],
  ["9223372036854775808", 0, "a whole number of 64 bits"],
  ["-9223372036854775809", 0, "a whole number of 64 bits"],
  ["1".repeat(1_000_000), 0, "a whole number of 64 bits"],
  ["[".repeat(65), 64, "at most 64 brackets inside each other"],
  [`[${"1,".repeat(1_000_000)}1]`, 1_999_999, "at most 1000000 values"],
  [" ".repeat(16 * 1024 * 1024 + 1), 0, "at most 16777216 characters"],
];

for (const [text, offset, requirement] of BAD) {
  test(`readJson() refuses ${JSON.stringify(text.slice(0, 20))} : not ${requirement}`, () => {
    assert.throws(
      () => readJson(text),
      (error) => {
        assert.ok(error instanceof JsonError);
        assert.ok(error.message.startsWith(`Cannot read JSON as ${requirement} at offset`));
        assert.ok(error.message.length < 160 && !error.message.includes("\n"));
        assert.equal(error.offset, offset);
        return true;
      },
    );
  });
}

test("readJson() takes as many brackets as it may", () => {
  const text = `${"[".repeat(64)}${"]".repeat(64)}`;
  assert.equal(writeJson(readJson(text)), text);
});
