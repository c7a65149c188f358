/** The guest's disk, against a computation of its own and against the processor's own encoding. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { u32At } from "../../../src/bytes/read_little_endian.ts";
import { bootDisk, sumOf } from "./boot_disk.ts";
import { INSTRUCTIONS, LBA_MAX, SECTOR_SIZE, SEED, STEP } from "./boot_sector_table.ts";
import { complaint, readCounters } from "./guest_counters.ts";

/** Where instructions that jump end, and the octets of their operands. */
const JUMPS: readonly (readonly [end: number, size: 1 | 2])[] = [
  [0x50, 1],
  [0x5d, 1],
  [0x78, 1],
  [0x7f, 1],
  [0x9d, 1],
  [0xa6, 1],
  [0xb2, 1],
  [0xc8, 1],
  [0xd0, 1],
  [0xf0, 2],
];
/** Labels: pass, packet, call, check, each, wrong, memory, fresh. */
const LABELS = [0x36, 0x5d, 0x74, 0x7f, 0x93, 0xb2, 0xb7, 0xd5];

test("the boot sector fits and its jumps land on labels", () => {
  assert.ok(INSTRUCTIONS.length <= SECTOR_SIZE - 2);
  for (const [from, size] of JUMPS) {
    const [low = 0, high = 0] = INSTRUCTIONS.subarray(from - size, from);
    const by = size === 1 ? (low << 24) >> 24 : ((low | (high << 8)) << 16) >> 16;
    assert.ok(LABELS.includes(from + by), `${from.toString(16)}: ${(from + by).toString(16)}`);
  }
});

test("bootDisk() can be booted and has what the guest computes", () => {
  for (const kind of ["disk", "floppy"] as const) {
    const octets = bootDisk(kind);
    assert.deepEqual([...octets.subarray(510, 512)], [0x55, 0xaa]);
    for (let lba = 1; lba <= LBA_MAX; lba++) {
      let expected = BigInt.asUintN(32, BigInt(lba) * BigInt(SEED));
      let sum = 0n;
      for (let at = 0; at < SECTOR_SIZE; at += 4) {
        assert.equal(u32At(octets, lba * SECTOR_SIZE + at), Number(expected));
        sum += expected;
        expected = BigInt.asUintN(32, expected + BigInt(STEP));
      }
      assert.equal(sumOf(lba), Number(BigInt.asUintN(32, sum)));
    }
    assert.ok(octets.subarray(SECTOR_SIZE * (LBA_MAX + 1)).every((octet) => octet === 0));
  }
});

test("readCounters() reads what the monitor shows, and nothing else", () => {
  const shown =
    "0000000000008000: 0x00000009 0x00000008 0x00000001 0x00000000\r\n" +
    "0000000000008010: 0xdeadbeef 0x00000002";
  const counters = { passes: 9, reads: 8, errors: 1, wrong: 0, sum: 0xdeadbeef, boots: 2 };
  assert.deepEqual(readCounters(shown), counters);
  assert.throws(() => readCounters("unknown command: 'xp'"), SyntaxError);
  assert.throws(() => readCounters(`${shown} 0x00000000`), SyntaxError);
});

test("complaint() says what is wrong with counters", () => {
  const good = { passes: 3, reads: 3, errors: 0, wrong: 0, sum: sumOf(3), boots: 1 };
  assert.equal(complaint(good), undefined);
  assert.equal(complaint({ ...good, reads: 4 }), undefined);
  assert.equal(complaint({ ...good, passes: 0, reads: 0, sum: 0 }), undefined);
  assert.match(complaint({ ...good, errors: 1 }) ?? "", /1 errors/);
  assert.match(complaint({ ...good, wrong: 2 }) ?? "", /2 contents/);
  assert.match(complaint({ ...good, sum: 1 }) ?? "", /last sum is 0x1/);
  assert.match(complaint({ ...good, reads: 2 }) ?? "", /2 good reads in 3 passes/);
});
