import assert from "node:assert/strict";
import { test } from "node:test";
import type { IoRequest } from "./io_request.ts";
import { RELEASE_2505 } from "./release_2505.ts";
import { RELEASE_MAIN } from "./release_2607.ts";
import { READ, TestMachine, WRITE } from "./test_machine.ts";

const GUEST = 0x100 * 4096;

function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, index) => index + (index >> 8) + 1);
}

function statusOf(machine: TestMachine, request: IoRequest): number | null | undefined {
  const sent = machine.submit(0, request);
  machine.settle();
  return sent.outcome?.status;
}

test("a request reaches the disk and comes back, over one page, two pages or a list", () => {
  for (const isolated of [false, true]) {
    for (const [blocks, offset] of [
      [1, 0],
      [1, 3584],
      [2, 3584],
      [8, 512],
      [64, 1024],
      [256, 0],
    ] as const) {
      const machine = new TestMachine().open({ release: RELEASE_MAIN, isolated });
      const { content, owners } = machine.memory;
      const octets = pattern(512 * blocks);
      const pages = Math.ceil((offset + octets.length) / 4096);
      // Pages in no order, and some more than are needed.
      const pfns = Array.from({ length: pages + 2 }, (_, index) => 0x100 + ((index * 7) % 67));
      const place = { lba: 5, blocks, pfns, offset };
      const addressOf = (index: number) =>
        (pfns[Math.floor((offset + index) / 4096)] ?? 0) * 4096 + ((offset + index) % 4096);
      for (const [index, octet] of octets.entries()) {
        content.write(addressOf(index), Uint8Array.of(octet));
      }
      assert.equal(statusOf(machine, { ...WRITE, ...place }), 0);
      assert.deepEqual(machine.controller.readBlocks(37, 5, blocks), octets);
      for (const pfn of pfns) content.clear(pfn, 1);
      assert.equal(statusOf(machine, { ...READ, ...place }), 0);
      for (const [index, octet] of octets.entries()) {
        assert.equal(content.read(addressOf(index), 1)[0], octet);
      }
      assert.deepEqual(owners.strayWrites, []);
    }
  }
});

test("a bounced read does not touch the guest's pages when it fails", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN, isolated: true });
  machine.memory.content.write(GUEST, Uint8Array.of(7));
  assert.equal(statusOf(machine, { ...READ, lba: 4096 }), 0x080);
  assert.equal(machine.memory.content.read(GUEST, 1)[0], 7);
});

test("pages of a queue come back, so that long transfers can go on", () => {
  for (const isolated of [false, true]) {
    const machine = new TestMachine().open({ release: RELEASE_MAIN, isolated });
    const pfns = Array.from({ length: 32 }, (_, index) => 0x100 + index);
    const long = { ...READ, blocks: 256, pfns };
    const sent = Array.from({ length: 100 }, () => machine.submit(0, long));
    machine.settle();
    assert.ok(sent.every(({ outcome }) => outcome?.status === 0));
  }
});

test("a request fails with the status of its completion, in upstream's words", () => {
  const machine = new TestMachine().open({ release: RELEASE_2505 });
  const sent = machine.submit(0, { ...READ, lba: 4096 });
  machine.settle();
  assert.equal(sent.outcome?.status, 0x080);
  assert.equal(sent.outcome?.error?.message, "nvme error: NVMe SCT general error, SC: 0x80");
});

test("a request that upstream would not send is a panic", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  assert.throws(() => machine.submit(0, { ...READ, blocks: 257 }), {
    name: "Panic",
    message: "assertion failed: block_count <= self.max_transfer_block_count",
  });
  assert.throws(() => machine.submit(0, { ...READ, blocks: 9 }), {
    name: "Panic",
    message: "invalid block count: 4608 > 4096",
  });
});

test("a request beyond 32 bits of a block address names the right block", () => {
  const machine = new TestMachine({ namespaces: [{ nsid: 37, blocks: 2n ** 40n }] });
  machine.open({ release: RELEASE_MAIN });
  machine.memory.content.write(GUEST, Uint8Array.of(9));
  assert.equal(statusOf(machine, { ...WRITE, lba: 2 ** 33 + 5 }), 0);
  assert.equal(machine.controller.readBlocks(37, 2 ** 33 + 5, 1)[0], 9);
  assert.equal(machine.controller.readBlocks(37, 5, 1)[0], 0);
});

test("a request without blocks is done at once", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  assert.equal(machine.submit(0, { ...READ, blocks: 0 }).outcome?.status, 0);
  machine.settle();
  assert.deepEqual(machine.controller.counters.ioOpcodes, {});
});

test("FLUSH and DSM reach the disk, DSM with no more ranges than a command can have", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.memory.content.write(GUEST, pattern(512));
  for (const lba of [3, 4, 300]) statusOf(machine, { ...WRITE, lba });
  const ranges = Array.from({ length: 257 }, (_, index) => ({ lba: index + 44, blocks: 1 }));
  const first = [{ lba: 3, blocks: 1 }, ...ranges.slice(0, 255), { lba: 4, blocks: 1 }];
  assert.equal(statusOf(machine, { opcode: "DSM", nsid: 37, ranges: first }), 0);
  assert.equal(statusOf(machine, { opcode: "FLUSH", nsid: 37 }), 0);
  assert.deepEqual(
    [3, 4, 300].map((lba) => machine.controller.readBlocks(37, lba, 1)[0]),
    [0, 1, 1],
  );
  assert.deepEqual(machine.controller.counters.ioOpcodes, { WRITE: 3, DSM: 1, FLUSH: 1 });
});

test("a request to a namespace that is known to be gone is not sent", () => {
  const machine = new TestMachine().open({ release: RELEASE_MAIN });
  machine.controller.changeNamespace(37, 0n);
  machine.settle();
  const { outcome } = machine.submit(0);
  assert.equal(outcome?.status, 0x00b);
  assert.deepEqual(machine.controller.counters.ioOpcodes, {});
});
