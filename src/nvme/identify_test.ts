import assert from "node:assert/strict";
import { test } from "node:test";
import { blocksOf, identifyController, identifyNamespace } from "./identify.ts";

test("identifyNamespace() says its size and block size where the specification has them", () => {
  const octets = identifyNamespace(0x0102_0304n);
  assert.equal(octets.length, 4096);
  assert.deepEqual([...octets.subarray(0, 8)], [4, 3, 2, 1, 0, 0, 0, 0]); // NSZE.
  assert.deepEqual([...octets.subarray(8, 16)], [4, 3, 2, 1, 0, 0, 0, 0]); // NCAP.
  assert.deepEqual([...octets.subarray(128, 132)], [0, 0, 9, 0]); // LBAF0: 512 octets.
  assert.equal(blocksOf(octets), 0x0102_0304n);
});

test("identifyNamespace() of no blocks is all zeros", () => {
  assert.ok(identifyNamespace(0n).every((octet) => octet === 0));
});

test("identify structures that are equal are one and the same", () => {
  assert.equal(identifyNamespace(2048n), identifyNamespace(2048n));
  assert.equal(identifyController(0x1414), identifyController(0x1414));
  assert.deepEqual([...identifyController(0x1414).subarray(0, 2)], [0x14, 0x14]); // VID.
});
