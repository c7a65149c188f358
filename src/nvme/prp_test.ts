import assert from "node:assert/strict";
import { test } from "node:test";
import { putAddress } from "../bytes/write_little_endian.ts";
import { DeviceMemory, PhysicalMemory } from "../memory/mod.ts";
import { gather, partsOf, scatter } from "./prp.ts";

const PAGE = 4096;

function memoryWith(lists: Readonly<Record<number, readonly number[]>> = {}): DeviceMemory {
  const { content, owners } = new PhysicalMemory();
  for (const [address, entries] of Object.entries(lists)) {
    for (const [index, entry] of entries.entries()) {
      const at = Number(address) + 8 * index;
      putAddress(content.writable(Math.floor(at / PAGE)), at % PAGE, entry);
    }
  }
  return new DeviceMemory(content, owners, "disk");
}

test("partsOf() stays in the page of entry 1 as long as the data fits", () => {
  assert.deepEqual(partsOf(memoryWith(), 5 * PAGE + 512, 999, 3584), [5 * PAGE + 512, 3584]);
});

test("partsOf() goes on in the page of entry 2, up to the end of it", () => {
  const memory = memoryWith();
  assert.deepEqual(partsOf(memory, 5 * PAGE + 512, 9 * PAGE, 3585), [
    ...[5 * PAGE + 512, 3584],
    ...[9 * PAGE, 1],
  ]);
  assert.deepEqual(partsOf(memory, 5 * PAGE, 9 * PAGE, 2 * PAGE)?.length, 4);
});

test("partsOf() takes entry 2 for a list when the data needs a third page", () => {
  const memory = memoryWith({ [9 * PAGE]: [20 * PAGE, 30 * PAGE] });
  assert.deepEqual(partsOf(memory, 5 * PAGE + 4, 9 * PAGE, 2 * PAGE), [
    ...[5 * PAGE + 4, PAGE - 4],
    ...[20 * PAGE, PAGE],
    ...[30 * PAGE, 4],
  ]);
});

test("partsOf() follows the last entry of a page to the next list, if there is more", () => {
  const last = 9 * PAGE + PAGE - 16;
  const lists = { [last]: [20 * PAGE, 40 * PAGE], [40 * PAGE]: [21 * PAGE, 22 * PAGE] };
  assert.deepEqual(partsOf(memoryWith(lists), 5 * PAGE, last, 4 * PAGE), [
    ...[5 * PAGE, PAGE],
    ...[20 * PAGE, PAGE],
    ...[21 * PAGE, PAGE],
    ...[22 * PAGE, PAGE],
  ]);
  // With one page less the last entry is a page and no list.
  assert.deepEqual(partsOf(memoryWith(lists), 5 * PAGE, last, 3 * PAGE)?.slice(4), [
    40 * PAGE,
    PAGE,
  ]);
});

test("partsOf() refuses offsets that the specification forbids", () => {
  assert.equal(partsOf(memoryWith(), 5 * PAGE + 2, 0, 512), null);
  assert.equal(partsOf(memoryWith(), 5 * PAGE, 9 * PAGE + 512, 2 * PAGE), null);
  assert.equal(partsOf(memoryWith(), 5 * PAGE, 9 * PAGE + 4, 3 * PAGE), null);
  const crooked = memoryWith({ [9 * PAGE]: [20 * PAGE + 8] });
  assert.equal(partsOf(crooked, 5 * PAGE, 9 * PAGE, 3 * PAGE), null);
});

test("partsOf() does not run in circles on a list that leads to itself", () => {
  const last = 9 * PAGE + PAGE - 8;
  assert.equal(partsOf(memoryWith({ [last]: [last] }), 5 * PAGE, last, 9 * PAGE), null);
});

test("scatter() and gather() move the octets of all parts in order", () => {
  const memory = memoryWith();
  const octets = Uint8Array.from({ length: 10 }, (_, index) => index + 1);
  const parts = [PAGE - 4, 4, 7 * PAGE, 6];
  scatter(memory, parts, octets);
  assert.deepEqual([...memory.read(PAGE - 4, 5)], [1, 2, 3, 4, 0]);
  assert.deepEqual(gather(memory, parts), octets);
  assert.deepEqual([...gather(memory, [7 * PAGE, 2])], [5, 6]);
});
