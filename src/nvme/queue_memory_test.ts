import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemoryBlock } from "../memory/mod.ts";
import { assertSqEntry, blockPages, cutBlock, LAYOUT_66, LAYOUT_69 } from "./queue_memory.ts";

function blockOf(pages: number): MemoryBlock {
  return { basePfn: 100n, pages, persistent: true, free() {} };
}

test("blockPages() is 66 or 69 pages, and 64 more when data is bounced", () => {
  assert.equal(blockPages(LAYOUT_66, false), 66);
  assert.equal(blockPages(LAYOUT_69, false), 69);
  assert.equal(blockPages(LAYOUT_66, true), 130);
  assert.equal(blockPages(LAYOUT_69, true), 133);
});

test("cutBlock() puts the completion queue at page 1 or at page 4", () => {
  const old = cutBlock(LAYOUT_66, blockOf(66), false);
  assert.deepEqual([old.sqPfn, old.cqPfn, old.dataPfn, old.sqCapacity], [100n, 101n, 102n, 64]);
  const young = cutBlock(LAYOUT_69, blockOf(69), false);
  const places = [young.sqPfn, young.cqPfn, young.dataPfn, young.sqCapacity];
  assert.deepEqual(places, [100n, 104n, 105n, 256]);
});

test("cutBlock() panics on a block of the older layout and takes one of the newer", () => {
  assert.throws(() => cutBlock(LAYOUT_69, blockOf(66), false), {
    name: "Panic",
    message: "assertion failed: mem_len >= offset && mem_len - offset >= len",
  });
  assert.throws(() => cutBlock(LAYOUT_69, blockOf(68), false), { name: "Panic" });
  assert.equal(cutBlock(LAYOUT_66, blockOf(69), false).cqPfn, 101n);
});

test("assertSqEntry() panics at the first entry behind the queue's pages", () => {
  const memory = cutBlock(LAYOUT_66, blockOf(69), false);
  assertSqEntry(memory, 63);
  assert.throws(() => assertSqEntry(memory, 64), {
    name: "Panic",
    message: "range end index 64 out of range for slice of length 0",
  });
  assert.throws(() => assertSqEntry(memory, 65), {
    message: "range start index 4160 out of range for slice of length 4096",
  });
  assertSqEntry(cutBlock(LAYOUT_69, blockOf(69), false), 255);
});
