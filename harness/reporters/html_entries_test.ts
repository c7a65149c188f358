/**
 * Large tables of the HTML page: each entry once, whatever it holds and however many there are.
 *
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Entries } from "./html_entries.ts";

/** Octets of a block, in which entries lie. */
const BLOCK_SIZE = 64 * 1024;

function valuesOf(entries: Entries): unknown {
  return JSON.parse([...entries.pieces()].join(""));
}

test("Entries numbers entries in the order of their first appearance", () => {
  const entries = new Entries();
  const numbers = ["[2]", "[1]", "[2]", "{}", "[1]"].map((json) => entries.number(json));
  assert.deepEqual(numbers, [0, 1, 0, 2, 1]);
  assert.deepEqual([...entries.pieces()].join(""), "[[2],[1],{}]");
});

test("Entries without entries is an empty array", () => {
  assert.deepEqual([...new Entries().pieces()].join(""), "[]");
});

test("Entries tells apart and finds again what needs many blocks and many slots", () => {
  const entries = new Entries();
  const values = Array.from({ length: 20_000 }, (_, at) => [at, "a text", at % 7]);
  for (const [at, value] of values.entries()) {
    assert.equal(entries.number(JSON.stringify(value)), at);
  }
  for (const [at, value] of values.entries()) {
    assert.equal(entries.number(JSON.stringify(value)), at);
  }
  assert.deepEqual(valuesOf(entries), values);
  for (const piece of entries.pieces()) assert.ok(piece.length <= BLOCK_SIZE);
});

test("Entries keeps entries that fill a block, and such as are larger", () => {
  const entries = new Entries();
  // Two quotes and a newline are of the entry.
  const values = [-1, 0, 1, BLOCK_SIZE].map((more) => "x".repeat(BLOCK_SIZE - 3 + more));
  for (const round of [1, 2]) {
    for (const [at, value] of values.entries()) {
      assert.equal(entries.number(JSON.stringify(value)), at, `round ${round}`);
    }
    assert.equal(entries.number('"y"'), values.length);
  }
  assert.deepEqual(valuesOf(entries), [...values, "y"]);
});

test("Entries tells an entry from one that begins like it", () => {
  const entries = new Entries();
  const numbers = ["1", "12", "123", "12", "1"].map((json) => entries.number(json));
  assert.deepEqual(numbers, [0, 1, 2, 1, 0]);
});

test("Entries keeps every character", () => {
  const entries = new Entries();
  const values = ["\n, \r\u2028", "\u0000\ud800", "\u00e9 \u20ac \u{1f600}", ""];
  for (const value of values) entries.number(JSON.stringify(value));
  assert.deepEqual(valuesOf(entries), values);
});
