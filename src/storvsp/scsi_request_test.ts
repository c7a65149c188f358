import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeRequest,
  encodeRequest,
  REQUEST_SIZE,
  SCSI_OPCODE,
  type ScsiRequest,
} from "./scsi_request.ts";

const READ: ScsiRequest = {
  path: 0,
  target: 1,
  lun: 3,
  opcode: SCSI_OPCODE.READ,
  unmaps: false,
  dataIn: true,
  transferLength: 0x1000,
  lba: 0x1_0203_0405,
  blocks: 8,
  srbStatus: 0,
};

test("encodeRequest() has a little-endian frame around a big-endian command", () => {
  const octets = encodeRequest(READ);
  assert.equal(octets.length, REQUEST_SIZE);
  // length, status, reserved, path, target, lun, CDB length, sense length, data in, properties
  assert.deepEqual([...octets.subarray(0, 12)], [0x34, 0, 0, 0, 0, 0, 1, 3, 16, 0, 1, 0]);
  assert.deepEqual([...octets.subarray(12, 16)], [0, 0x10, 0, 0]);
  // READ(16): opcode, flags, block of 8 octets, count of 4, group, control
  const cdb = [0x88, 0, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 8, 0, 0];
  assert.deepEqual([...octets.subarray(16, 32)], cdb);
});

test("decodeRequest() finds what was written", () => {
  assert.deepEqual(decodeRequest(encodeRequest(READ)), READ);
  const unmap = { ...READ, opcode: SCSI_OPCODE.WRITE_SAME, unmaps: true, dataIn: false };
  assert.deepEqual(decodeRequest(encodeRequest(unmap)), unmap);
});

test("decodeRequest() refuses another length", () => {
  const octets = encodeRequest(READ);
  assert.equal(decodeRequest(octets.subarray(0, REQUEST_SIZE - 1)), null);
  octets[0] = 0x24;
  assert.equal(decodeRequest(octets), null);
});
