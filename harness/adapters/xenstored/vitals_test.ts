import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { vitalsOf } from "./vitals.ts";

const LINUX = { skip: process.platform === "linux" ? false : "needs /proc" };

test("vitalsOf() counts descriptors by kind, and the files of a folder", LINUX, () => {
  const folder = mkdtempSync(join(tmpdir(), "freezethaw-vitals-"));
  try {
    writeFileSync(join(folder, "held"), new Uint8Array(4096));
    const before = vitalsOf(process.pid, folder);
    const files = [0, 1, 2].map(() => openSync(join(folder, "held"), "r"));
    const after = vitalsOf(process.pid, folder);
    for (const file of files) closeSync(file);
    assert.equal(before["descriptors: held"], undefined);
    assert.equal(after["descriptors: held"], 3);
    assert.equal((after.descriptors ?? 0) - (before.descriptors ?? 0), 3);
    assert.deepEqual([after.files, after["file held (KiB on disk)"]], [1, 4]);
    assert.ok((after["private memory (KiB)"] ?? 0) > 0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
