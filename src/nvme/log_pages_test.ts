import assert from "node:assert/strict";
import { test } from "node:test";
import { u16At, u32At, u64At } from "../bytes/read_little_endian.ts";
import { nvmCommand } from "./command.ts";
import { LOG_PAGE, LogPages } from "./log_pages.ts";

function listOf(logs: LogPages): number[] {
  const page = logs.read(LOG_PAGE.CHANGED_NAMESPACES) ?? new Uint8Array();
  return Array.from({ length: page.length / 4 }, (_, index) => u32At(page, 4 * index)).filter(
    (nsid) => nsid !== 0,
  );
}

test("LogPages lists changed namespaces once each, in order, until the list is cleared", () => {
  const logs = new LogPages();
  for (const nsid of [9, 2, 9]) logs.noteChanged(nsid);
  assert.deepEqual(listOf(logs), [2, 9]);
  assert.deepEqual(listOf(logs), [2, 9]);
  logs.clearChanged();
  assert.deepEqual(listOf(logs), []);
});

test("LogPages lists 1024 changed namespaces, and of more only that there are more", () => {
  const logs = new LogPages();
  for (let nsid = 1; nsid <= 1024; nsid++) logs.noteChanged(nsid);
  assert.equal(listOf(logs).length, 1024);
  logs.noteChanged(1025);
  assert.deepEqual(listOf(logs), [0xffff_ffff]);
});

test("LogPages keeps the last 64 errors, the newest first", () => {
  const logs = new LogPages();
  for (let cid = 1; cid <= 65; cid++) logs.note(3, cid, nvmCommand("READ", 7), 0x80);
  const page = logs.read(LOG_PAGE.ERROR) ?? new Uint8Array();
  assert.equal(page.length, 64 * 64);
  assert.deepEqual(
    [u32At(page, 0), u16At(page, 8), u16At(page, 10), u16At(page, 12), u32At(page, 24)],
    [65, 3, 65, 0x100, 7], // Count, SQ identifier, command identifier, status field, namespace.
  );
  assert.equal(u16At(page, 63 * 64 + 10), 2);
});

test("LogPages counts reads, writes and errors in the health page", () => {
  const logs = new LogPages();
  logs.note(1, 0, nvmCommand("READ", 1), 0);
  logs.note(1, 1, nvmCommand("WRITE", 1), 0);
  logs.note(1, 2, nvmCommand("WRITE", 1), 0x80);
  logs.note(0, 3, nvmCommand("READ", 1), 0); // An admin command of the same number.
  const page = logs.read(LOG_PAGE.SMART) ?? new Uint8Array();
  assert.equal(page.length, 512);
  assert.deepEqual([u16At(page, 1), page[3]], [300, 100]);
  assert.deepEqual([u64At(page, 64), u64At(page, 80), u64At(page, 176)], [1n, 2n, 1n]);
});

test("LogPages has no other pages", () => {
  assert.equal(new LogPages().read(0x03), null);
});
