import assert from "node:assert/strict";
import { test } from "node:test";
import { PageAllocator } from "./page_allocator.ts";

/** Pages that `allocator` gives at once; null when it gives none now. */
function taken(allocator: PageAllocator, pages: number): readonly number[] | null {
  let pfns: readonly number[] | null = null;
  allocator.alloc(pages, (given) => {
    pfns = given;
  });
  return pfns;
}

test("PageAllocator gives the first pages first, and those given back before all others", () => {
  const allocator = new PageAllocator({ pfn: 10, pages: 4 });
  assert.deepEqual(taken(allocator, 2), [10, 11]);
  allocator.free([10]);
  assert.deepEqual(taken(allocator, 2), [10, 12]);
});

test("PageAllocator lets who comes too late wait, and serves waiters in turn", () => {
  const allocator = new PageAllocator({ pfn: 10, pages: 4 });
  taken(allocator, 3);
  const given: string[] = [];
  for (const [name, pages] of [
    ["large", 3],
    ["small", 2],
  ] as const) {
    allocator.alloc(pages, (pfns) => given.push(`${name} ${pfns}`));
  }
  allocator.free([11]);
  assert.deepEqual(given, ["small 11,13"]);
  allocator.free([10, 12, 11, 13]);
  assert.deepEqual(given, ["small 11,13", "large 13,11,12"]);
});

test("PageAllocator refuses a request that leaves no page for a PRP list", () => {
  const allocator = new PageAllocator({ pfn: 10, pages: 4 });
  assert.equal(
    allocator.alloc(4, () => assert.fail("too many")),
    false,
  );
  assert.equal(
    allocator.alloc(3, () => {}),
    true,
  );
});
