import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestMemory } from "./guest_memory.ts";
import { PAGE_SIZE } from "./pages.ts";

test("GuestMemory reads zeros where nobody has written", () => {
  const memory = new GuestMemory();
  assert.deepEqual(memory.read(5 * PAGE_SIZE - 2, 4), new Uint8Array(4));
  assert.equal(memory.readable(5).length, PAGE_SIZE);
});

test("GuestMemory.write() crosses pages, and read() finds what it wrote", () => {
  const memory = new GuestMemory();
  const octets = Uint8Array.from({ length: 2 * PAGE_SIZE }, (_, index) => index % 251);
  memory.write(3 * PAGE_SIZE - 7, octets);
  assert.deepEqual(memory.read(3 * PAGE_SIZE - 7, octets.length), octets);
  assert.equal(memory.readable(2)[PAGE_SIZE - 8], 0);
  assert.equal(memory.readable(4)[PAGE_SIZE - 7], 0);
});

test("GuestMemory.fork() parts the two at the first write of either", () => {
  const memory = new GuestMemory();
  memory.write(100, Uint8Array.of(1, 2, 3));
  const copy = memory.fork();
  memory.write(100, Uint8Array.of(9));
  copy.write(102, Uint8Array.of(8));
  assert.deepEqual([...memory.read(100, 3)], [9, 2, 3]);
  assert.deepEqual([...copy.read(100, 3)], [1, 2, 8]);
  const again = copy.fork();
  copy.write(100, Uint8Array.of(7));
  assert.deepEqual([...again.read(100, 3)], [1, 2, 8]);
});

test("GuestMemory.clear() makes pages zero again", () => {
  const memory = new GuestMemory();
  memory.write(0, new Uint8Array(3 * PAGE_SIZE).fill(5));
  memory.clear(1, 1);
  assert.equal(memory.readable(0)[0], 5);
  assert.equal(memory.readable(1)[0], 0);
  assert.equal(memory.readable(2)[0], 5);
});
