import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import { boot, restore } from "./openhcl.ts";
import { hostWith, KEPT, REQUEST, service } from "./rehearsal.ts";
import type { Release } from "./release.ts";
import { releaseNamed } from "./releases.ts";
import { keepPool, type Placement, type PoolRule, placePool } from "./vtl2_memory.ts";

const FROM_BOTTOM: PoolRule = { from: "bottom", splits: false, pages: null };
const FROM_TOP: PoolRule = { from: "top", splits: true, pages: null };
const BIGGER = { ...KEPT, imagePages: 256n };
const OVERLAP = /failed to initialize address space manager/;

test("placePool() finds one place where nothing else is free, whichever end it begins at", () => {
  for (const placement of ["whole", "scarce", "fragmented"] satisfies Placement[]) {
    const found = placePool(placement, FROM_BOTTOM, 0n);
    assert.equal(found.length, 1);
    assert.deepEqual(placePool(placement, FROM_TOP, 0n), found);
  }
});

test("placePool() goes out of the way of a bigger image from the bottom, not from the top", () => {
  const [low] = placePool("roomy", FROM_BOTTOM, 0n);
  const [pushed] = placePool("roomy", FROM_BOTTOM, 256n);
  assert.equal((pushed?.pfn ?? 0n) - (low?.pfn ?? 0n), 256n);
  assert.deepEqual(placePool("roomy", FROM_TOP, 256n), placePool("roomy", FROM_TOP, 0n));
});

test("placePool() splits over both nodes, or panics as the release does", () => {
  const parts = placePool("numa", FROM_TOP, 0n);
  assert.deepEqual(
    parts.map(({ pages }) => pages),
    [1_024n, 1_024n],
  );
  assert.throws(() => placePool("numa", FROM_BOTTOM, 0n), Panic);
  assert.throws(() => placePool("numa", { ...FROM_TOP, splits: false }, 0n), Panic);
});

test("placePool() fits up to the last page and panics beyond it", () => {
  const room = 4_096n;
  assert.equal(placePool("roomy", FROM_BOTTOM, room).length, 1);
  assert.throws(() => placePool("roomy", FROM_BOTTOM, room + 1n), /0x800000 bytes/);
});

test("keepPool() takes over what does not overlap the image", () => {
  const low = placePool("roomy", FROM_BOTTOM, 0n);
  assert.deepEqual(keepPool("roomy", FROM_TOP, 0n, low), low);
  assert.throws(() => keepPool("roomy", FROM_TOP, 1n, low), OVERLAP);
  const behind = placePool("roomy", FROM_BOTTOM, 256n);
  assert.deepEqual(keepPool("roomy", FROM_TOP, 256n, behind), behind);
  assert.throws(() => keepPool("roomy", FROM_TOP, 257n, behind), OVERLAP);
});

test("keepPool() of a shim that knows one range only panics at two", () => {
  const both = placePool("numa", FROM_TOP, 0n);
  assert.deepEqual(keepPool("numa", FROM_TOP, 0n, both), both);
  const single = { ...FROM_TOP, splits: false };
  assert.throws(() => keepPool("numa", single, 0n, both), /multiple pool ranges/);
});

test("restore() with a bigger image meets a kept pool that was put at the bottom (PR 2475)", () => {
  const before: Release = { ...releaseNamed("1.7.2511"), pool: FROM_BOTTOM };
  const host = hostWith({ devices: "nvme", placement: "roomy" });
  const bytes = boot(before, host, KEPT).save(REQUEST);
  assert.throws(() => restore(releaseNamed("main"), host.fork(), BIGGER, bytes), OVERLAP);
  assert.ok(restore(releaseNamed("main"), host, KEPT, bytes).running);
});

test("boot() in scarce memory has processors share queues, and restores them so", () => {
  const host = hostWith({ devices: "nvme", placement: "scarce" });
  const openhcl = service(host, ["main", "1.8.2607"]);
  const queues = openhcl.nvme().map(({ ioQueues }) => ioQueues.length);
  assert.equal(
    queues.reduce((sum, count) => sum + count, 0),
    4,
  );
  assert.ok(openhcl.nvme().every(({ restored }) => restored));
});

test("boot() in fragmented memory leaves holes that outlive a servicing", () => {
  const host = hostWith({ devices: "nvme", placement: "fragmented" });
  const openhcl = service(host, ["main", "main"]);
  const holes = openhcl.pools()[0]?.slots.filter(({ pages }) => pages === 48n);
  assert.equal(holes?.length, 6);
});
