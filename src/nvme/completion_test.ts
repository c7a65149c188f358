import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeCompletion, encodeCompletion, phaseAt } from "./completion.ts";

const COMPLETION = { dw0: 0x0403_0201, sqhd: 0x1234, sqid: 7, cid: 0x0c01, status: 0x102 };

test("encodeCompletion() places every field as 3.3.3.2 of the base specification", () => {
  const octets = new Uint8Array(32).fill(0xff);
  encodeCompletion(COMPLETION, true, octets, 16);
  const expected = [
    [1, 2, 3, 4], // Dword 0.
    [0, 0, 0, 0], // Dword 1.
    [0x34, 0x12, 7, 0], // SQ head pointer, SQ identifier.
    [0x01, 0x0c, 0x05, 0x02], // Command identifier, phase tag and status field.
  ].flat();
  assert.deepEqual([...octets.subarray(16)], expected);
  assert.ok(octets.subarray(0, 16).every((octet) => octet === 0xff));
});

test("decodeCompletion() reads an entry whatever its phase tag, phaseAt() only that", () => {
  const octets = new Uint8Array(16);
  for (const phase of [true, false]) {
    encodeCompletion(COMPLETION, phase, octets, 0);
    assert.equal(phaseAt(octets, 0), phase);
    assert.deepEqual(decodeCompletion(octets, 0), COMPLETION);
  }
});
