import assert from "node:assert/strict";
import { test } from "node:test";
import type { MemoryBlock } from "../memory/mod.ts";
import { assertEntry, blockPages, cutBlock, LAYOUT_66, LAYOUT_69 } from "./queue_memory.ts";

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
  assert.deepEqual(
    [old.sq, old.cq, old.data],
    [
      { pfn: 100, pages: 1 },
      { pfn: 101, pages: 1 },
      { pfn: 102, pages: 64 },
    ],
  );
  const young = cutBlock(LAYOUT_69, blockOf(69), false);
  assert.deepEqual(
    [young.sq, young.cq, young.data],
    [
      { pfn: 100, pages: 4 },
      { pfn: 104, pages: 1 },
      { pfn: 105, pages: 64 },
    ],
  );
});

test("cutBlock() panics on a block of the older layout and takes one of the newer", () => {
  assert.throws(() => cutBlock(LAYOUT_69, blockOf(66), false), {
    name: "Panic",
    message: "assertion failed: mem_len >= offset && mem_len - offset >= len",
  });
  assert.throws(() => cutBlock(LAYOUT_69, blockOf(68), false), { name: "Panic" });
  assert.equal(cutBlock(LAYOUT_66, blockOf(69), false).cq.pfn, 101);
});

test("assertEntry() panics at the first entry behind the queue's pages", () => {
  const { sq } = cutBlock(LAYOUT_66, blockOf(69), false);
  assertEntry(sq, 63, 64);
  assert.throws(() => assertEntry(sq, 64, 64), {
    name: "Panic",
    message: "range end index 64 out of range for slice of length 0",
  });
  assert.throws(() => assertEntry(sq, 65, 64), {
    message: "range start index 4160 out of range for slice of length 4096",
  });
  const young = cutBlock(LAYOUT_69, blockOf(69), false);
  assertEntry(young.sq, 255, 64);
  assertEntry(young.cq, 255, 16);
});
