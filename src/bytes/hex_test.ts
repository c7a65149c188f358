import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHex, toHex } from "./hex.ts";

test("toHex() writes two lower-case digits for each octet", () => {
  assert.equal(toHex(new Uint8Array([0, 10, 255])), "000aff");
  assert.equal(toHex(new Uint8Array(0)), "");
});

test("fromHex() reads either case", () => {
  assert.deepEqual(fromHex("000aFf"), new Uint8Array([0, 10, 255]));
});

test("fromHex() refuses odd lengths and other characters", () => {
  assert.throws(() => fromHex("000"), /pairs of hexadecimal digits: current length is 3$/);
  assert.throws(() => fromHex("0g"), /current value has "g" at 1$/);
  assert.throws(() => fromHex("0 "), /current value has " " at 1$/);
});
