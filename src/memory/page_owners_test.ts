import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceMemory } from "./device_memory.ts";
import { GuestMemory } from "./guest_memory.ts";
import { GUEST, PageOwners } from "./page_owners.ts";
import { PAGE_SIZE } from "./pages.ts";

test("PageOwners.lend() takes pages from whoever had them, and leaves the rest", () => {
  const owners = new PageOwners();
  owners.lend(10, 10, "disk", true);
  owners.lend(13, 2, "nic", true);
  const seen = [9, 10, 12, 13, 14, 15, 19, 20].map((pfn) => owners.ownerOf(pfn));
  assert.deepEqual(seen, [null, "disk", "disk", "nic", "nic", "disk", "disk", null]);
  owners.takeBack(0, 12);
  assert.equal(owners.ownerOf(11), null);
  assert.equal(owners.ownerOf(12), "disk");
});

test("PageOwners.beginBoot() ends what the last boot lent out of its own memory", () => {
  const owners = new PageOwners();
  owners.lend(1, 1, "disk", true);
  owners.lend(2, 1, "disk", false);
  owners.beginBoot();
  assert.equal(owners.ownerOf(1), "disk");
  assert.equal(owners.ownerOf(2), null);
});

test("PageOwners.noteWrite() keeps writes to pages of others and of nobody", () => {
  const owners = new PageOwners();
  owners.lend(1, 1, "disk", true);
  owners.lend(2, 1, GUEST, true);
  for (const pfn of [1, 2, 3]) owners.noteWrite("disk", pfn);
  owners.noteWrite("nic", 1);
  assert.deepEqual(owners.strayWrites, [
    { device: "disk", pfn: 3, owner: null },
    { device: "nic", pfn: 1, owner: "disk" },
  ]);
});

test("PageOwners keeps the first stray writes and no more than its limit", () => {
  const owners = new PageOwners();
  for (let pfn = 0; pfn < 65; pfn++) owners.noteWrite("disk", pfn);
  assert.equal(owners.strayWrites.length, 64);
  assert.equal(owners.strayWrites.at(-1)?.pfn, 63);
});

test("PageOwners.fork() goes on apart", () => {
  const owners = new PageOwners();
  owners.lend(1, 1, "disk", true);
  const copy = owners.fork();
  copy.takeBack(1, 1);
  copy.noteWrite("disk", 1);
  assert.equal(owners.ownerOf(1), "disk");
  assert.deepEqual(owners.strayWrites, []);
  assert.equal(copy.strayWrites.length, 1);
});

test("DeviceMemory.write() reaches all memory and notes each page that is not the device's", () => {
  const [memory, owners] = [new GuestMemory(), new PageOwners()];
  owners.lend(1, 1, "disk", true);
  const disk = new DeviceMemory(memory, owners, "disk");
  disk.write(2 * PAGE_SIZE - 1, Uint8Array.of(1, 2));
  assert.deepEqual([...memory.read(2 * PAGE_SIZE - 1, 2)], [1, 2]);
  assert.deepEqual(owners.strayWrites, [{ device: "disk", pfn: 2, owner: null }]);
});
