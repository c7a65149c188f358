import assert from "node:assert/strict";
import { test } from "node:test";
import * as float from "./float.ts";

test("floating-point numbers are IEEE 754", () => {
  assert.deepEqual(float.halvesOfDouble(1.5), { low: 0, high: 0x3ff8_0000 });
  assert.equal(float.doubleOfHalves(0, 0x3ff8_0000), 1.5);
  assert.equal(float.bitsOfSingle(-0.5), 0xbf00_0000);
  assert.equal(float.singleOfBits(0xbf00_0000), -0.5);
});
