import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { product } from "../product.ts";
import { runCommandLine } from "./command_line.ts";
import { silentShell } from "./silent_shell.ts";

const RECORDED = fileURLToPath(new URL("../../fixtures/reference", import.meta.url));

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(directory.length + 1))
    .sort();
}

test("record writes what fixtures/reference holds", { timeout: 20_000 }, async () => {
  const out = mkdtempSync(join(tmpdir(), "freezethaw-"));
  try {
    assert.equal(await runCommandLine(["record", "--out", out], product, silentShell), 0);
    assert.deepEqual(filesOf(out), filesOf(RECORDED));
    for (const file of filesOf(out)) {
      const same = readFileSync(join(out, file)).equals(readFileSync(join(RECORDED, file)));
      assert.ok(same, `fixtures/reference/${file} differs: \`npm run record\` and look at it`);
    }
  } finally {
    rmSync(out, { recursive: true });
  }
});

test("record says in one line where it cannot write", async () => {
  const told: string[] = [];
  const shell = { ...silentShell, tell: (text: string) => void told.push(text) };
  assert.equal(await runCommandLine(["record", "--out", "/dev/null/x"], product, shell), 2);
  assert.match(told.join(""), /^Cannot record to \/dev\/null\/x\/.*: ENOTDIR\n$/);
});
