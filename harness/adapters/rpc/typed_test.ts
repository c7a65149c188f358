import assert from "node:assert/strict";
import { test } from "node:test";
import { tagged, untagged } from "./typed.ts";

const VALUES: readonly (readonly [unknown, string])[] = [
  [12n, '{"$bigint":"12"}'],
  [undefined, '{"$undefined":true}'],
  [Number.POSITIVE_INFINITY, '{"$number":"Infinity"}'],
  [Uint8Array.of(1, 255), '{"$octets":"Af8="}'],
  [new Map([[1n, new Set(["a"])]]), '{"$map":[[{"$bigint":"1"},{"$set":["a"]}]]}'],
  [{ $bigint: "no tag" }, '{"$object":[["$bigint","no tag"]]}'],
  [[null, true, "x", 1.5, { a: {} }], '[null,true,"x",1.5,{"a":{}}]'],
];

test("tagged() and untagged() carry what JSON lacks, and take nothing for a tag", () => {
  for (const [value, text] of VALUES) {
    assert.equal(JSON.stringify(tagged(value)), text);
    assert.deepEqual(untagged(JSON.parse(text)), value);
  }
});

test("untagged() refuses a tag that it does not know", () => {
  assert.throws(() => untagged({ $date: 1 }), RangeError);
});
