import assert from "node:assert/strict";
import { test } from "node:test";
import { PhysicalMemory } from "../memory/mod.ts";
import { GuestRam } from "./guest_ram.ts";

const NONCE = 2 ** 40 + 7;

test("GuestRam finds its nonce, tick and pages in memory alone", () => {
  const memory = new PhysicalMemory();
  const ram = new GuestRam(memory);
  ram.boot(NONCE);
  ram.advance();
  ram.advance();
  const again = new GuestRam(memory);
  assert.equal(again.nonce, NONCE);
  assert.equal(again.tick, 2);
  assert.deepEqual(again.damaged(NONCE), []);
});

test("GuestRam.boot() begins again: another nonce, and a tick from zero", () => {
  const memory = new PhysicalMemory();
  const ram = new GuestRam(memory);
  ram.boot(NONCE);
  ram.advance();
  ram.boot(NONCE + 1);
  assert.equal(ram.nonce, NONCE + 1);
  assert.equal(ram.damaged(NONCE).length, 8);
});

test("GuestRam.damaged() notices one octet anywhere in a page", () => {
  for (const offset of [0, 5, 2048, 4095]) {
    const memory = new PhysicalMemory();
    const ram = new GuestRam(memory);
    ram.boot(NONCE);
    const page = memory.content.writable(0x1013);
    page[offset] = (page[offset] ?? 0) ^ 1;
    assert.deepEqual(ram.damaged(NONCE), [0x1013]);
  }
});

test("GuestRam lends the guest its pages: a device may write there", () => {
  const memory = new PhysicalMemory();
  new GuestRam(memory).boot(NONCE);
  memory.owners.noteWrite("disk", 0x3_ffff);
  memory.owners.noteWrite("disk", 0x4_0000);
  assert.deepEqual(
    memory.owners.strayWrites.map(({ pfn }) => pfn),
    [0x4_0000],
  );
});
