import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decodeRequest,
  encodeRequest,
  REQUEST_SIZE,
  SCSI_OPCODE,
  type ScsiRequest,
  UNMAP_LIST_SIZE,
  unmapList,
  unmapRangeOf,
} from "./scsi_request.ts";

const READ: ScsiRequest = {
  path: 0,
  target: 1,
  lun: 3,
  opcode: SCSI_OPCODE.READ,
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
  const unmap = { ...READ, opcode: SCSI_OPCODE.UNMAP, dataIn: false, lba: 0, blocks: 0 };
  assert.deepEqual(decodeRequest(encodeRequest(unmap)), unmap);
});

test("encodeRequest() has UNMAP say the length of its list, and no blocks", () => {
  const unmap = { ...READ, opcode: SCSI_OPCODE.UNMAP, transferLength: UNMAP_LIST_SIZE };
  const cdb = [0x42, 0, 0, 0, 0, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0];
  assert.deepEqual([...encodeRequest(unmap).subarray(16, 32)], cdb);
});

test("unmapList() has a header and one descriptor, big endian", () => {
  const list = unmapList(0x1_0203_0405, 8);
  // data length, descriptor length, reserved; block of 8 octets, count of 4, reserved
  const header = [0, 22, 0, 16, 0, 0, 0, 0];
  assert.deepEqual([...list], [...header, 0, 0, 0, 1, 2, 3, 4, 5, 0, 0, 0, 8, 0, 0, 0, 0]);
  assert.deepEqual(unmapRangeOf(list), { lba: 0x1_0203_0405, blocks: 8 });
  assert.equal(unmapRangeOf(list.subarray(0, 23)), null);
  list[3] = 15;
  assert.equal(unmapRangeOf(list), null);
});

test("decodeRequest() refuses another length", () => {
  const octets = encodeRequest(READ);
  assert.equal(decodeRequest(octets.subarray(0, REQUEST_SIZE - 1)), null);
  octets[0] = 0x24;
  assert.equal(decodeRequest(octets), null);
});
