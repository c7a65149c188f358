import assert from "node:assert/strict";
import { test } from "node:test";
import { namePattern } from "./name_pattern.ts";

test("namePattern matches whole names, with * for any text", () => {
  assert.ok(namePattern("a/b")("a/b"));
  assert.ok(!namePattern("a/b")("a/bc"));
  assert.ok(namePattern("a/*")("a/b/c"));
  assert.ok(!namePattern("a/*")("b/a/c"));
  assert.ok(namePattern("*[host,*>main*")("openhcl@2505[host,privatepool]>main[x] a=b"));
});

test("namePattern takes every other character literally", () => {
  assert.ok(!namePattern("1.7*")("1x7.2511"));
  assert.ok(namePattern("1.7*")("1.7.2511"));
  assert.ok(namePattern("a+b(c)*$")("a+b(c)d$"));
});
