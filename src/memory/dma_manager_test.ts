import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../machine/mod.ts";
import { type DmaRanges, OpenhclDmaManager } from "./dma_manager.ts";

const SHARED = [{ pfn: 10n, pages: 20n }];
const PRIVATE = [{ pfn: 100n, pages: 50n }];
const NVME = { deviceName: "nvme_0", visibility: "private", persistent: true } as const;

function managerOf(ranges: DmaRanges): OpenhclDmaManager {
  return new OpenhclDmaManager(ranges, new Log());
}

test("OpenhclDmaManager.newClient() takes each kind of memory from its own place", () => {
  const manager = managerOf({ shared: SHARED, private: PRIVATE });
  const shared = { deviceName: "get", visibility: "shared", persistent: false } as const;
  assert.equal(manager.newClient(shared).backing, "shared_pool");
  assert.equal(manager.newClient(NVME).backing, "private_pool");
  const ephemeral = manager.newClient({ ...NVME, persistent: false });
  assert.equal(ephemeral.backing, "locked_memory");
  const block = ephemeral.allocate(3);
  assert.equal(block.persistent, false);
  assert.deepEqual(
    manager.pools().map(({ pool, slots }) => [pool, slots.length]),
    [
      ["shared", 1],
      ["private", 1],
    ],
  );
});

test("OpenhclDmaManager.newClient() refuses memory for which there is no pool", () => {
  const manager = managerOf({});
  assert.throws(() => manager.newClient({ ...NVME, visibility: "shared" }), {
    message: "no sources available for shared visibility",
  });
  assert.throws(() => manager.newClient(NVME), {
    message: "no sources available for private persistent allocations",
  });
  assert.deepEqual(manager.pools(), []);
});

test("OpenhclDmaManager.newClient() names the allocator that it cannot create", () => {
  const manager = managerOf({ private: PRIVATE });
  manager.newClient(NVME);
  assert.throws(() => manager.newClient(NVME), {
    message: "failed to create private allocator: device name nvme_0 already in use",
  });
});

test("DmaClient.allocate() wraps the pool's error and refuses size 0", () => {
  const client = managerOf({ private: PRIVATE }).newClient(NVME);
  assert.throws(() => client.allocate(51), {
    message:
      "failed to allocate shared mem: unable to allocate page pool size 51 with tag vfio dma",
  });
  assert.throws(() => client.allocate(0), { message: "allocation of size 0 not supported" });
});

test("DmaClient of locked memory cannot attach anything", () => {
  const client = managerOf({}).newClient({ ...NVME, persistent: false });
  const refused = { message: "restore not supported for lockmem" };
  assert.throws(() => client.attach(1n, 1), refused);
  assert.throws(() => client.attachPendingBuffers(), refused);
});

test("OpenhclDmaManager.restore() brings allocations back to their device", () => {
  const before = managerOf({ private: PRIVATE });
  before.newClient(NVME).allocate(7);
  const after = managerOf({ private: PRIVATE });
  after.restore(before.save());
  assert.deepEqual(after.pools()[0]?.slots[0], {
    pfn: 100n,
    pages: 7n,
    state: "pending",
    device: "nvme_0",
  });
  const client = after.newClient(NVME);
  assert.throws(() => client.attach(100n, 8), {
    message: "failed to restore allocation: no matching allocation found for restore",
  });
  assert.equal(client.attach(100n, 7).pages, 7);
  after.validateRestore();
});

test("OpenhclDmaManager.restore() refuses the state of a pool that does not exist", () => {
  const state = managerOf({ shared: SHARED, private: PRIVATE }).save();
  assert.throws(() => managerOf({ shared: SHARED }).restore(state), {
    message: "saved state is invalid: saved state for private pool but no private pool",
  });
  assert.throws(() => managerOf({ private: PRIVATE }).restore(state), {
    message: "saved state is invalid: saved state for shared pool but no shared pool",
  });
});

test("OpenhclDmaManager.restore() accepts a pool that came new", () => {
  const state = managerOf({}).save();
  assert.deepEqual(state, { shared_pool: null, private_pool: null });
  const manager = managerOf({ shared: SHARED, private: PRIVATE });
  manager.restore(state);
  manager.validateRestore();
});

test("OpenhclDmaManager.restore() says which pool failed", () => {
  const state = managerOf({ shared: SHARED, private: PRIVATE }).save();
  const moved = { shared: SHARED, private: [{ pfn: 101n, pages: 50n }] };
  assert.throws(() => managerOf(moved).restore(state), {
    message:
      "failed to restore child device private pool restore failed: " +
      "saved state is invalid: pool ranges do not match",
  });
});

test("OpenhclDmaManager.validateRestore() lets nothing leak in either pool", () => {
  for (const visibility of ["shared", "private"] as const) {
    const ranges = { shared: SHARED, private: PRIVATE };
    const before = managerOf(ranges);
    before.newClient({ ...NVME, visibility }).allocate(1);
    const after = managerOf(ranges);
    after.restore(before.save());
    assert.throws(() => after.validateRestore(), {
      message: `failed to validate restore for ${visibility} pool: unrestored allocations found`,
    });
    assert.equal(after.pools().find(({ pool }) => pool === visibility)?.slots[0]?.state, "pending");
  }
});

test("OpenhclDmaManager.inspect() shows both pools", () => {
  const manager = managerOf({ private: PRIVATE });
  manager.newClient(NVME).allocate(7);
  assert.deepEqual(manager.inspect(), {
    shared_pool: null,
    private_pool: {
      slots: [
        {
          base_pfn: "100",
          size_pages: "7",
          state: "allocated",
          device_id: "nvme_0",
          tag: "vfio dma",
        },
        { base_pfn: "107", size_pages: "43", state: "free", device_id: "", tag: "" },
      ],
      ranges: [{ pfn: "100", pages: "50" }],
    },
  });
});

test("OpenhclDmaManager.newClient() takes ephemeral memory from the pool before PR 2350", () => {
  const ephemeral = { deviceName: "a", visibility: "private", persistent: false } as const;
  const backing = (ranges: DmaRanges) =>
    new OpenhclDmaManager(ranges, new Log(), undefined, "private_pool").newClient(ephemeral)
      .backing;
  assert.equal(backing({ private: [{ pfn: 16n, pages: 8n }] }), "private_pool");
  assert.equal(backing({}), "locked_memory");
});
