import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestMemory } from "../memory/mod.ts";
import { setForGuest, setForHost, takeForGuest, takeForHost } from "./channel_bitmap.ts";

const PAGE = 0x5000n;
const LAST = 16_383;

test("takeForGuest() takes the bits of the first half, lowest first, and only once", () => {
  const memory = new GuestMemory();
  for (const flag of [9, 0, LAST]) setForGuest(memory, PAGE, flag);
  assert.deepEqual(takeForHost(memory, PAGE), []);
  assert.deepEqual(takeForGuest(memory, PAGE), [0, 9, LAST]);
  assert.deepEqual(takeForGuest(memory, PAGE), []);
});

test("takeForHost() takes the bits of the second half and leaves the first one alone", () => {
  const memory = new GuestMemory();
  setForGuest(memory, PAGE, 3);
  setForHost(memory, PAGE, 3);
  setForHost(memory, PAGE, 3);
  assert.deepEqual(takeForHost(memory, PAGE), [3]);
  assert.deepEqual(takeForGuest(memory, PAGE), [3]);
});

test("setForHost() sets bit 0 of octet 2048 for event flag 0", () => {
  const memory = new GuestMemory();
  setForHost(memory, PAGE, 0);
  setForGuest(memory, PAGE, 10);
  const page = memory.readable(5);
  assert.equal(page[2048], 1);
  assert.equal(page[1], 4);
});
