import assert from "node:assert/strict";
import { test } from "node:test";
import { adminCommand, cidOf, encodeCommand, nvmCommand, opcodeOf } from "./command.ts";
import { adminOpcodeName } from "./opcodes.ts";

test("encodeCommand() places every field as figure 87 of the base specification", () => {
  const fields = { dptr: 0x1122_3344_5566_7788n, cdw10: 0x00ff_0003, cdw11: 0x0002_0003 };
  const octets = encodeCommand(nvmCommand("READ", 0x25, fields), 0x0c01);
  const expected = new Uint8Array(64);
  expected.set([0x02, 0x00, 0x01, 0x0c], 0); // CDW0: opcode, flags, command identifier.
  expected.set([0x25, 0x00, 0x00, 0x00], 4); // Namespace identifier.
  expected.set([0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11], 24); // PRP entry 1.
  expected.set([0x03, 0x00, 0xff, 0x00], 40); // CDW10.
  expected.set([0x03, 0x00, 0x02, 0x00], 44); // CDW11.
  assert.deepEqual(octets, expected);
  assert.equal(opcodeOf(octets), 2);
  assert.equal(cidOf(octets), 0x0c01);
});

test("adminOpcodeName() knows upstream's names and shows unknown opcodes as numbers", () => {
  const { opcode } = adminCommand("ASYNCHRONOUS_EVENT_REQUEST");
  assert.equal(opcode, 0x0c);
  assert.equal(adminOpcodeName(opcode), "ASYNCHRONOUS_EVENT_REQUEST");
  assert.equal(adminOpcodeName(0xc1), "0xc1");
});
