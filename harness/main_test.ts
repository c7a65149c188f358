import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const COMMAND = fileURLToPath(new URL("./freezethaw.js", import.meta.url));

function run(path: string, ...args: string[]) {
  const runtime = "Deno" in globalThis ? ["run", "-A"] : [];
  return spawnSync(process.execPath, [...runtime, path, ...args], { encoding: "utf8" });
}

function said(path: string, ...args: string[]): string {
  return run(path, ...args).stdout;
}

test("main.ts and freezethaw.js may be run by themselves", () => {
  for (const path of [MAIN, COMMAND]) assert.equal(statSync(path).mode & 0o111, 0o111);
});

test("main.ts says its version, also to who decodes a machine", { timeout: 60_000 }, () => {
  assert.match(said(MAIN, "--version"), /^\d+\.\d+\.\d+\n$/);
  assert.equal(said(MAIN, "decode", "qemu-stream", "--version"), said(MAIN, "--version"));
});

test("freezethaw.js does what main.ts does", { timeout: 60_000 }, () => {
  const printed = said(COMMAND, "--version");
  assert.notEqual(printed, "");
  assert.equal(printed, said(MAIN, "--version"));
});

test("main.ts has init and doctor start by themselves", { timeout: 60_000 }, () => {
  const { status, stderr } = run(MAIN, "doctor", "--config", "none.json");
  assert.equal(status, 2);
  assert.match(stderr, /^Cannot read none\.json: .*\n$/);
  assert.match(said(MAIN, "init", "--help"), /^Usage: freezethaw init \[options\] \[directory\]\n/);
});
