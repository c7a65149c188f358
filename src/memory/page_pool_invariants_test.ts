import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ChainError, Log } from "../machine/mod.ts";
import type { MemoryBlock } from "./memory_block.ts";
import { PagePool } from "./page_pool.ts";

const RANGES = [
  { pfn: 100n, pages: 40n },
  { pfn: 10n, pages: 25n },
];

/** Allocations of up to 12 pages by one of three devices, and frees by index. */
const STEPS = fc.array(
  fc.oneof(
    fc.record({ device: fc.nat(2), pages: fc.integer({ min: 1, max: 12 }) }),
    fc.record({ free: fc.nat(10) }),
  ),
  { maxLength: 30 },
);

interface Owned {
  readonly device: string;
  readonly block: MemoryBlock;
}

/** Runs `steps` on a new pool; a pool that is full refuses and changes nothing. */
function run(steps: readonly ({ device: number; pages: number } | { free: number })[]) {
  const pool = new PagePool(RANGES, new Log());
  const names = ["nvme_0", "nic_0", "get"];
  const allocators = names.map((name) => pool.allocator(name));
  const owned: Owned[] = [];
  for (const step of steps) {
    if ("free" in step) {
      const [gone] = owned.splice(step.free, 1);
      gone?.block.free();
      continue;
    }
    try {
      const block = allocators[step.device]?.alloc(step.pages, "vfio dma");
      if (block) owned.push({ device: names[step.device] ?? "", block });
    } catch (error) {
      assert.ok(error instanceof ChainError);
    }
  }
  return { pool, owned };
}

function places(owned: readonly Owned[]): string[] {
  return owned.map(({ device, block }) => `${device} ${block.basePfn}+${block.pages}`).sort();
}

test("PagePool gives every page to one owner at most, and loses none", () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      const { pool, owned } = run(steps);
      const pages = pool.records().flatMap(({ pfn, pages: count }) => {
        return Array.from({ length: Number(count) }, (_, index) => pfn + BigInt(index));
      });
      assert.equal(new Set(pages).size, 65);
      assert.equal(pages.length, 65);
      const held = pool.records().filter(({ state }) => state === "allocated");
      const asRecorded = held.map(({ device, pfn, pages: count }) => `${device} ${pfn}+${count}`);
      assert.deepEqual(asRecorded.sort(), places(owned));
    }),
    { seed: 2511, numRuns: 200 },
  );
});

test("PagePool gives back after a restore what each device had before the save", () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      const { pool, owned } = run(steps);
      const next = new PagePool(RANGES, new Log());
      next.restore(pool.save());
      const claimed = ["get", "nic_0", "nvme_0"].flatMap((device) => {
        const blocks = next.allocator(device).attachPendingBuffers();
        return blocks.map((block) => ({ device, block }));
      });
      assert.deepEqual(places(claimed), places(owned));
      next.validateRestore(false);
    }),
    { seed: 2607, numRuns: 200 },
  );
});
