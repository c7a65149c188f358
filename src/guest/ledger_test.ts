import assert from "node:assert/strict";
import { test } from "node:test";
import { BLOCK_SIZE, describeBlock, fillBlock, tagOf } from "./block_content.ts";
import { Ledger } from "./ledger.ts";

const DISK = "disk 0:0:3";

/** What a disk holds that was written by `tag` from block `lba` on. */
function octetsOf(tag: number, lba: number, blocks = 1): Uint8Array {
  const octets = new Uint8Array(blocks * BLOCK_SIZE);
  for (let index = 0; index < blocks; index++) {
    fillBlock(octets.subarray(index * BLOCK_SIZE, (index + 1) * BLOCK_SIZE), tag, lba + index);
  }
  return octets;
}

function write(ledger: Ledger, lba: number, blocks = 1) {
  const io = ledger.issue("write", DISK, lba, blocks, 0);
  ledger.answer(io.id, { status: 0 });
  return io.id;
}

function read(ledger: Ledger, lba: number, octets: Uint8Array) {
  const io = ledger.issue("read", DISK, lba, octets.length / BLOCK_SIZE, 1);
  ledger.answer(io.id, { status: 0, octets });
}

test("tagOf() knows whole blocks in their place, and nothing else", () => {
  const block = octetsOf(7, 40);
  assert.equal(tagOf(block, 40), 7);
  assert.equal(tagOf(block, 41), null);
  assert.equal(tagOf(new Uint8Array(BLOCK_SIZE), 40), 0);
  block[300] = 0xff;
  assert.equal(tagOf(block, 40), null);
  assert.equal(describeBlock(block, 40), "parts of write 7 to block 40");
  assert.equal(describeBlock(new Uint8Array(BLOCK_SIZE).fill(9), 40), "what no guest wrote");
});

test("Ledger finds a read that brings what was written in order", () => {
  const ledger = new Ledger();
  const first = write(ledger, 40, 2);
  read(ledger, 40, octetsOf(first, 40, 2));
  read(ledger, 90, new Uint8Array(BLOCK_SIZE));
  assert.deepEqual(ledger.totals(), {
    issued: 3,
    done: 3,
    failed: 0,
    outstanding: 0,
    oddities: [],
  });
});

test("Ledger lets a read bring what a block held at any time while it was outstanding", () => {
  const ledger = new Ledger();
  const old = write(ledger, 40);
  const ios = Array.from({ length: 3 }, () => ledger.issue("read", DISK, 40, 1, 1));
  const [between, last] = [write(ledger, 40), write(ledger, 40)];
  for (const [at, tag] of [old, between, last].entries()) {
    ledger.answer(ios[at]?.id ?? 0, { status: 0, octets: octetsOf(tag, 40) });
  }
  assert.deepEqual(ledger.totals().oddities, []);
  read(ledger, 40, octetsOf(between, 40));
  assert.equal(ledger.totals().oddities.length, 1);
});

test("Ledger notes a read that brings what was written elsewhere while it was outstanding", () => {
  const ledger = new Ledger();
  const io = ledger.issue("read", DISK, 40, 1, 1);
  const elsewhere = write(ledger, 41);
  ledger.answer(io.id, { status: 0, octets: octetsOf(elsewhere, 40) });
  assert.equal(ledger.totals().oddities.length, 1);
});

test("Ledger notes a read that brings an older write", () => {
  const ledger = new Ledger();
  const old = write(ledger, 40);
  const now = write(ledger, 40);
  read(ledger, 40, octetsOf(old, 40));
  assert.deepEqual(ledger.totals().oddities, [
    `read 3 of block 40 of ${DISK} from processor 1 has write ${old} in block 40, ` +
      `not write ${now}`,
  ]);
});

test("Ledger lets a block hold either side of a write in flight, and one of them after it", () => {
  const ledger = new Ledger();
  const old = write(ledger, 40);
  const next = ledger.issue("write", DISK, 40, 1, 0);
  read(ledger, 40, octetsOf(old, 40));
  read(ledger, 40, octetsOf(next.id, 40));
  assert.deepEqual(ledger.totals().oddities, []);
  ledger.answer(next.id, { status: 0 });
  ledger.checkMedium(DISK, 40, octetsOf(old, 40));
  assert.equal(ledger.totals().oddities.length, 1);
});

test("Ledger notes answers that come twice or to nothing, and failures", () => {
  const ledger = new Ledger();
  const id = write(ledger, 40);
  ledger.answer(id, { status: 0 });
  ledger.answer(99, { status: 0 });
  const failed = ledger.issue("flush", DISK, 0, 0, 2);
  ledger.answer(failed.id, { status: 0x80 });
  assert.deepEqual(ledger.totals().oddities, [
    `write 1 of block 40 of ${DISK} from processor 0 was answered 2 times`,
    "answer to request 99, which was never issued",
    `flush 2 of block 0 of ${DISK} from processor 2 failed with status 0x80`,
  ]);
  assert.equal(ledger.totals().failed, 1);
});

test("Ledger expects zeros where blocks were given back", () => {
  const ledger = new Ledger();
  const id = write(ledger, 40, 2);
  const unmap = ledger.issue("unmap", DISK, 41, 1, 0);
  ledger.answer(unmap.id, { status: 0 });
  read(ledger, 40, octetsOf(id, 40));
  read(ledger, 41, new Uint8Array(BLOCK_SIZE));
  assert.deepEqual(ledger.totals().oddities, []);
  read(ledger, 41, octetsOf(id, 41));
  assert.match(ledger.totals().oddities[0] ?? "", /has write 1 in block 41, not zeros$/);
});

test("Ledger.fork() goes on apart", () => {
  const ledger = new Ledger();
  const io = ledger.issue("write", DISK, 40, 1, 0);
  const copy = ledger.fork();
  copy.answer(io.id, { status: 0 });
  assert.equal(ledger.outstanding().length, 1);
  assert.equal(copy.outstanding().length, 0);
  ledger.answer(io.id, { status: 0 });
  assert.deepEqual(ledger.totals(), copy.totals());
});

test("Ledger keeps the first oddities and no more than its limit", () => {
  const ledger = new Ledger();
  for (let id = 100; id < 140; id++) ledger.answer(id, { status: 0 });
  assert.equal(ledger.totals().oddities.length, 32);
});
