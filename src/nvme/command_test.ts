import assert from "node:assert/strict";
import { test } from "node:test";
import { adminCommand, cidOf, decodeCommand, encodeCommand, nvmCommand } from "./command.ts";
import { adminOpcodeName, nvmOpcodeName, opcodeNumber } from "./opcodes.ts";

const FIELDS = {
  prp1: 0x11_2233_4455_6678,
  prp2: 2 ** 64 - 4096,
  cdw10: 0x00ff_0003,
  cdw11: 0xf002_0003,
  cdw12: 0x8000_0007,
  cdw13: 0x0000_0001,
};

test("encodeCommand() places every field as 3.3.3.1 of the base specification", () => {
  const octets = new Uint8Array(192).fill(0xee);
  encodeCommand(nvmCommand("READ", 0x25, FIELDS), 0x0c01, octets, 64);
  const expected = new Uint8Array(64);
  expected.set([0x02, 0x00, 0x01, 0x0c], 0); // CDW0: opcode, flags, command identifier.
  expected.set([0x25, 0x00, 0x00, 0x00], 4); // Namespace identifier.
  expected.set([0x78, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0x00], 24); // PRP entry 1.
  expected.set([0x00, 0xf0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], 32); // PRP entry 2.
  expected.set([0x03, 0x00, 0xff, 0x00], 40); // CDW10.
  expected.set([0x03, 0x00, 0x02, 0xf0], 44); // CDW11.
  expected.set([0x07, 0x00, 0x00, 0x80], 48); // CDW12.
  expected.set([0x01, 0x00, 0x00, 0x00], 52); // CDW13.
  assert.deepEqual(octets.subarray(64, 128), expected);
  assert.ok(octets.subarray(0, 64).every((octet) => octet === 0xee));
  assert.ok(octets.subarray(128).every((octet) => octet === 0xee));
});

test("decodeCommand() reads what encodeCommand() has written", () => {
  const command = nvmCommand("WRITE", 0xffff_ffff, FIELDS);
  const octets = new Uint8Array(64);
  encodeCommand(command, 0xffff, octets);
  assert.deepEqual(decodeCommand(octets), command);
  assert.equal(cidOf(octets), 0xffff);
});

test("opcode names are upstream's, and unknown opcodes are shown as numbers", () => {
  assert.equal(adminCommand("ASYNCHRONOUS_EVENT_REQUEST").opcode, 0x0c);
  assert.equal(adminOpcodeName(0x0c), "ASYNCHRONOUS_EVENT_REQUEST");
  assert.equal(adminOpcodeName(0xc1), "0xc1");
  assert.equal(nvmOpcodeName(0x09), "DSM");
  assert.equal(nvmOpcodeName(0x0c), "0x0c");
  assert.equal(opcodeNumber("io", "FLUSH"), 0);
  assert.equal(opcodeNumber("io", "IDENTIFY"), null);
});
