/**
 * Tables of the HTML page: each value once, and every text exactly as it was.
 *
 * @module
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dictionary, TextTable } from "./html_tables.ts";

function entriesOf({ texts }: TextTable): unknown {
  return JSON.parse([...texts.pieces()].join(""));
}

test("Dictionary numbers keys in the order of their first appearance", () => {
  const dictionary = new Dictionary<string>();
  const numbers = ["b", "a", "b", "c"].map((key) => dictionary.number(key, key.toUpperCase()));
  assert.deepEqual(numbers, [0, 1, 0, 2]);
  assert.deepEqual(dictionary.entries, ["B", "A", "C"]);
});

test("TextTable keeps texts that differ by numbers under one template", () => {
  const table = new TextTable();
  table.number("page 0x1f of queue 7");
  table.number("page 0x20 of queue 12");
  assert.deepEqual(table.templates, [["page ", " of queue ", ""]]);
  assert.deepEqual(entriesOf(table), [
    [0, "0x1f", "7"],
    [0, "0x20", "12"],
  ]);
});

test("TextTable takes an identifier as one number", () => {
  const table = new TextTable();
  table.number("lost 12345678-1234-abcd-ef01-123456789abc here");
  assert.deepEqual(entriesOf(table), [[0, "12345678-1234-abcd-ef01-123456789abc"]]);
});

test("TextTable numbers an absent text -1 and an empty one like any other", () => {
  const table = new TextTable();
  assert.equal(table.number(undefined), -1);
  assert.equal(table.number(""), 0);
});
