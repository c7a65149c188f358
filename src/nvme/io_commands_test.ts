import assert from "node:assert/strict";
import { test } from "node:test";
import { putAddress, putU32 } from "../bytes/write_little_endian.ts";
import { PAGE_SIZE } from "../memory/mod.ts";
import { BareHost, DATA_PFN } from "./bare_host.ts";
import { type CommandFields, nvmCommand } from "./command.ts";
import type { NvmOpcode } from "./opcodes.ts";

const DATA = DATA_PFN * PAGE_SIZE;

function ready(): BareHost {
  return new BareHost({ namespaces: [{ nsid: 1, blocks: 1_000n }] }).enable().createQueue(1);
}

/** Status of a command on `blocks` blocks from `lba` on. */
function statusOf(
  host: BareHost,
  opcode: NvmOpcode,
  [lba, blocks]: readonly [number, number],
  more: CommandFields = {},
): number {
  const fields = { prp1: DATA, prp2: DATA + PAGE_SIZE, cdw10: lba, cdw12: blocks - 1, ...more };
  return host.io(1, nvmCommand(opcode, more.nsid ?? 1, fields)).status;
}

/** Octets of which each block, and each octet of a block, is different. */
function pattern(blocks: number): Uint8Array {
  return Uint8Array.from({ length: 512 * blocks }, (_, index) => index + (index >> 9));
}

test("WRITE and READ move blocks between a namespace and the pages of the command", () => {
  const host = ready();
  const octets = pattern(3);
  host.memory.content.write(DATA + 1024, octets);
  assert.equal(statusOf(host, "WRITE", [7, 3], { prp1: DATA + 1024 }), 0);
  assert.deepEqual(host.controller.readBlocks(1, 7, 3), octets);
  assert.ok(host.controller.readBlocks(1, 6, 1).every((octet) => octet === 0));
  assert.equal(statusOf(host, "READ", [8, 2], { prp1: DATA + PAGE_SIZE - 512, prp2: DATA }), 0);
  assert.deepEqual(
    host.memory.content.read(DATA + PAGE_SIZE - 512, 512),
    octets.subarray(512, 1024),
  );
  assert.deepEqual(host.memory.content.read(DATA, 512), octets.subarray(1024));
  assert.deepEqual(host.memory.owners.strayWrites, []);
});

test("READ of the longest transfer goes through a PRP list", () => {
  const host = ready();
  const octets = pattern(256);
  const list = DATA_PFN + 40;
  for (let index = 0; index < 32; index++) {
    putAddress(host.memory.content.writable(list), 8 * index, DATA + (index + 1) * PAGE_SIZE);
  }
  host.memory.content.write(DATA, octets);
  const pointer = { prp1: DATA, prp2: list * PAGE_SIZE };
  assert.equal(statusOf(host, "WRITE", [0, 256], pointer), 0);
  host.memory.content.clear(DATA_PFN, 32);
  assert.equal(statusOf(host, "READ", [0, 256], pointer), 0);
  assert.deepEqual(host.memory.content.read(DATA, octets.length), octets);
  assert.equal(statusOf(host, "READ", [0, 257], pointer), 0x002);
});

test("data is moved when a command is executed, not when it is fetched", () => {
  const host = ready();
  host.memory.content.write(DATA, pattern(1));
  host.submit(1, nvmCommand("WRITE", 1, { prp1: DATA }));
  host.memory.content.write(DATA, new Uint8Array(512).fill(9));
  host.settle();
  assert.equal(host.controller.readBlocks(1, 0, 1)[5], 9);
});

test("commands are refused for a namespace that does not exist, and behind the last block", () => {
  const host = ready();
  for (const [nsid, status] of [
    [0, 0x00b],
    [2, 0x002],
    [1024, 0x002],
    [1025, 0x00b],
  ] as const) {
    assert.equal(statusOf(host, "READ", [0, 1], { nsid }), status);
    assert.equal(statusOf(host, "FLUSH", [0, 1], { nsid }), status);
  }
  for (const opcode of ["READ", "WRITE", "WRITE_ZEROES"] as const) {
    assert.equal(statusOf(host, opcode, [999, 1]), 0);
    assert.equal(statusOf(host, opcode, [999, 2]), 0x080);
    assert.equal(statusOf(host, opcode, [1_000, 1]), 0x080);
    assert.equal(statusOf(host, opcode, [0, 1], { cdw11: 0xffff_ffff }), 0x080);
  }
});

test("READ refuses an odd address and a second page that does not start at its start", () => {
  const host = ready();
  assert.equal(statusOf(host, "READ", [0, 1], { prp1: DATA + 1 }), 0x013);
  assert.equal(statusOf(host, "READ", [0, 16], { prp2: DATA + 512 }), 0x013);
});

test("an unknown opcode is refused", () => {
  assert.equal(ready().io(1, { ...nvmCommand("READ", 1), opcode: 0x7f }).status, 0x001);
});

test("FLUSH takes longer than a READ and answers success", () => {
  const host = ready();
  const before = host.clock.nowUs;
  assert.equal(statusOf(host, "FLUSH", [0, 1]), 0);
  assert.equal(host.clock.nowUs - before, 15);
  assert.equal(statusOf(host, "READ", [0, 1]), 0);
  assert.equal(host.clock.nowUs - before, 25);
});

test("WRITE ZEROES needs no data", () => {
  const host = ready();
  host.memory.content.write(DATA, pattern(2));
  statusOf(host, "WRITE", [4, 2]);
  assert.equal(statusOf(host, "WRITE_ZEROES", [5, 3], { prp1: 1 }), 0);
  assert.deepEqual(host.controller.readBlocks(1, 4, 1), pattern(2).subarray(0, 512));
  assert.ok(host.controller.readBlocks(1, 5, 3).every((octet) => octet === 0));
});

test("DSM deallocates every range of its list, or none when one is out of range", () => {
  const host = ready();
  host.memory.content.write(DATA, pattern(3));
  const fill = () => statusOf(host, "WRITE", [4, 3]);
  const ranges = (...list: readonly (readonly [number, number])[]) => {
    const page = host.memory.content.writable(DATA_PFN + 9);
    for (const [index, [lba, blocks]] of list.entries()) {
      putU32(page, 16 * index + 4, blocks);
      putAddress(page, 16 * index + 8, lba);
    }
    const fields = { prp1: DATA + 9 * PAGE_SIZE, cdw10: list.length - 1, cdw11: 4 };
    return host.io(1, nvmCommand("DSM", 1, fields)).status;
  };
  const written = () =>
    [4, 5, 6].filter((lba) => host.controller.readBlocks(1, lba, 1).some((octet) => octet > 0));
  fill();
  assert.equal(ranges([4, 1], [998, 3]), 0x080);
  assert.deepEqual(written(), [4, 5, 6]);
  assert.equal(ranges([4, 1], [6, 990]), 0);
  assert.deepEqual(written(), [5]);
});
