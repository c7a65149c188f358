import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../machine/mod.ts";
import type { PagePoolState } from "../openhcl_state/mod.ts";
import { PagePool } from "./page_pool.ts";

const RANGE = { pfn: 10n, pages: 20n };

function poolOf(...ranges: { pfn: bigint; pages: bigint }[]): PagePool {
  return new PagePool(ranges.length === 0 ? [RANGE] : ranges, new Log());
}

/** State of a pool over {@linkcode RANGE} where "test" owns pages 10 to 14. */
function savedState(): PagePoolState {
  const pool = poolOf();
  pool.allocator("test").alloc(5, "vfio dma");
  return pool.save();
}

/** Slots as `pfn+pages state owner`. */
function slotsOf(pool: PagePool): string[] {
  return pool
    .records()
    .map(({ pfn, pages, state, device }) => `${pfn}+${pages} ${state} ${device}`.trimEnd());
}

test("PagePoolAllocator.alloc() splits the first free slot that is large enough", () => {
  const pool = poolOf();
  const allocator = pool.allocator("test");
  assert.equal(allocator.alloc(5, "a").basePfn, 10n);
  assert.equal(allocator.alloc(15, "b").basePfn, 15n);
  assert.throws(() => allocator.alloc(1, "c"), {
    message: "unable to allocate page pool size 1 with tag c",
  });
});

test("MemoryBlock.free() does not join free slots", () => {
  const pool = poolOf();
  const allocator = pool.allocator("test");
  const first = allocator.alloc(5, "a");
  const second = allocator.alloc(15, "b");
  first.free();
  second.free();
  assert.deepEqual(slotsOf(pool), ["10+5 free", "15+15 free"]);
  assert.throws(() => allocator.alloc(20, "c"), /unable to allocate page pool size 20/);
  assert.equal(allocator.alloc(6, "d").basePfn, 15n);
});

test("MemoryBlock.free() of pages that are not allocated is a panic", () => {
  const block = poolOf().allocator("test").alloc(5, "a");
  block.free();
  assert.throws(() => block.free(), { name: "Panic", message: "must find allocation" });
});

test("PagePool.allocator() refuses a name in use and gives out one that was dropped", () => {
  const pool = poolOf();
  const allocator = pool.allocator("test");
  assert.throws(() => pool.allocator("test"), {
    message: "device name test already in use",
  });
  allocator.alloc(5, "a");
  allocator.drop();
  pool.allocator("test").alloc(5, "b");
  assert.deepEqual(slotsOf(pool), ["10+5 allocated test", "15+5 allocated test", "20+10 free"]);
});

test("PagePool.save() keeps the pool's own order of slots", () => {
  const pool = poolOf({ pfn: 10n, pages: 20n }, { pfn: 40n, pages: 1n }, { pfn: 50n, pages: 10n });
  pool.allocator("test").alloc(5, "vfio dma");
  const free = { variant: "Free", value: {} };
  assert.deepEqual(pool.save(), {
    state: [
      { base_pfn: 50n, size_pages: 10n, state: free },
      { base_pfn: 40n, size_pages: 1n, state: free },
      {
        base_pfn: 10n,
        size_pages: 5n,
        state: { variant: "Allocated", value: { device_id: "test", tag: "vfio dma" } },
      },
      { base_pfn: 15n, size_pages: 15n, state: free },
    ],
    ranges: [
      { start: 0xa000n, end: 0x1e000n },
      { start: 0x28000n, end: 0x29000n },
      { start: 0x32000n, end: 0x3c000n },
    ],
  });
});

test("PagePool.save() panics on an allocation that nobody has claimed", () => {
  const pool = poolOf();
  pool.restore(savedState());
  assert.throws(() => pool.save(), {
    name: "Panic",
    message: "should not save allocated pending restore",
  });
});

test("PagePoolAllocator.restoreAlloc() claims by device, page frame and size only", () => {
  const pool = poolOf();
  pool.restore(savedState());
  assert.deepEqual(slotsOf(pool), ["10+5 pending test", "15+15 free"]);
  const refused = { message: "no matching allocation found for restore" };
  assert.throws(() => pool.allocator("other").restoreAlloc(10n, 5), refused);
  const allocator = pool.allocator("test");
  assert.throws(() => allocator.restoreAlloc(10n, 4), refused);
  assert.throws(() => allocator.restoreAlloc(11n, 5), refused);
  assert.equal(allocator.restoreAlloc(10n, 5).basePfn, 10n);
  assert.throws(() => allocator.restoreAlloc(10n, 5), refused);
  pool.validateRestore(false);
});

test("PagePoolAllocator.attachPendingBuffers() claims all of its own device", () => {
  const pool = poolOf();
  const mine = pool.allocator("mine");
  const other = pool.allocator("other");
  for (const allocator of [mine, other, mine]) allocator.alloc(5, "a");
  const next = poolOf();
  next.restore(pool.save());
  const blocks = next.allocator("mine").attachPendingBuffers();
  assert.deepEqual(
    blocks.map(({ basePfn }) => basePfn),
    [10n, 20n],
  );
  assert.deepEqual(slotsOf(next), [
    "10+5 allocated mine",
    "15+5 pending other",
    "20+5 allocated mine",
    "25+5 free",
  ]);
});

test("PagePool.validateRestore() refuses unclaimed allocations, or leaks them for good", () => {
  const log = new Log();
  const pool = new PagePool([RANGE], log);
  pool.restore(savedState());
  assert.throws(() => pool.validateRestore(false), { message: "unrestored allocations found" });
  assert.match(log.lines()[0]?.text ?? "", /^unrestored allocation base_pfn=10 .*device_id=test/);
  pool.validateRestore(true);
  pool.validateRestore(false);
  assert.deepEqual(slotsOf(pool), ["10+5 leaked test", "15+15 free"]);
});

test("PagePool keeps a leaked slot over a further save and restore, and never reclaims it", () => {
  const pool = poolOf();
  pool.restore(savedState());
  pool.validateRestore(true);
  const next = poolOf();
  next.restore(pool.save());
  next.validateRestore(false);
  const allocator = next.allocator("test");
  assert.deepEqual(allocator.attachPendingBuffers(), []);
  assert.throws(() => allocator.alloc(16, "a"), /unable to allocate/);
  assert.deepEqual(slotsOf(next), ["10+5 leaked test", "15+15 free"]);
});

test("PagePool.restore() refuses other ranges and stays as it was", () => {
  const pool = poolOf({ pfn: 11n, pages: 20n });
  assert.throws(() => pool.restore(savedState()), {
    message: "saved state is invalid: pool ranges do not match",
  });
  assert.deepEqual(slotsOf(pool), ["11+20 free"]);
});

test("PagePool.restore() compares only as many ranges as both sides have", () => {
  const fewer = poolOf();
  const state = savedState();
  fewer.restore({ ...state, ranges: [...state.ranges, { start: 0n, end: 0x5000n }] });
  fewer.allocator("test").attachPendingBuffers();
  fewer.validateRestore(false);
  const none = poolOf();
  none.restore({ ...state, ranges: [] });
  assert.deepEqual(slotsOf(none), ["10+5 pending test", "15+15 free"]);
});

test("PagePool.restore() finds a wrong total only after it has replaced the slots", () => {
  const pool = poolOf({ pfn: 10n, pages: 20n }, { pfn: 50n, pages: 10n });
  assert.throws(() => pool.restore(savedState()), {
    message: "saved state is invalid: missing slots in saved state",
  });
  assert.deepEqual(slotsOf(pool), ["10+5 pending test", "15+15 free"]);
});

test("PagePool.restore() does not notice overlapping or foreign slots of the right total", () => {
  const { ranges } = savedState();
  const state = { variant: "Allocated", value: { device_id: "test", tag: "a" } } as const;
  const pool = poolOf();
  pool.restore({
    ranges,
    state: [
      { base_pfn: 12n, size_pages: 10n, state },
      { base_pfn: 10n, size_pages: 9n, state },
      { base_pfn: 0n, size_pages: 1n, state },
    ],
  });
  const owned = ["0+1 pending test", "10+9 pending test", "12+10 pending test"];
  assert.deepEqual(slotsOf(pool), owned);
});

test("PagePool.restore() refuses a pool that has been used, even by a dropped allocator", () => {
  const pool = poolOf();
  pool.allocator("early").drop();
  assert.throws(() => pool.restore(savedState()), {
    message: "saved state is invalid: existing allocators present, pool must be empty to restore",
  });
});
