import assert from "node:assert/strict";
import { test } from "node:test";
import { addressAt } from "../bytes/read_little_endian.ts";
import { GuestMemory, PAGE_SIZE } from "../memory/mod.ts";
import { PageAllocator } from "./page_allocator.ts";
import { type DataPointer, UNUSED_PRP, withPointer } from "./prp.ts";

function pointerTo(
  memory: GuestMemory,
  pfns: readonly number[],
  offset = 0,
  pages = new PageAllocator({ pfn: 900, pages: 4 }),
): DataPointer {
  let pointer: DataPointer | null = null;
  withPointer({ pages }, memory, pfns, offset, (made) => {
    pointer = made;
  });
  return pointer ?? assert.fail("no pointer");
}

test("withPointer() names up to two pages by themselves, and marks what is unused", () => {
  const memory = new GuestMemory();
  assert.equal(UNUSED_PRP, 0xffff_ffff_ffff_f000);
  assert.deepEqual(pointerTo(memory, []), { prp1: UNUSED_PRP, prp2: UNUSED_PRP, list: [] });
  assert.deepEqual(pointerTo(memory, [7], 512), {
    prp1: 7 * PAGE_SIZE + 512,
    prp2: UNUSED_PRP,
    list: [],
  });
  assert.deepEqual(pointerTo(memory, [7, 3], 512), {
    prp1: 7 * PAGE_SIZE + 512,
    prp2: 3 * PAGE_SIZE,
    list: [],
  });
});

test("withPointer() lists the pages behind the first one in a page of the queue pair", () => {
  const memory = new GuestMemory();
  const { prp1, prp2, list } = pointerTo(memory, [7, 3, 9, 5], 8);
  assert.deepEqual([prp1, prp2, list], [7 * PAGE_SIZE + 8, 900 * PAGE_SIZE, [900]]);
  const page = memory.readable(900);
  assert.deepEqual(
    [0, 8, 16, 24].map((offset) => addressAt(page, offset) / PAGE_SIZE),
    [3, 9, 5, 0],
  );
});

test("withPointer() waits for a page of the queue pair", () => {
  const pages = new PageAllocator({ pfn: 900, pages: 2 });
  for (const _ of [1, 2]) pages.alloc(1, () => {});
  let made: DataPointer | null = null;
  withPointer({ pages }, new GuestMemory(), [1, 2, 3], 0, (pointer) => {
    made = pointer;
  });
  assert.equal(made, null);
  pages.free([901]);
  assert.notEqual(made, null);
});
