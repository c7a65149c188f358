import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));
const RUN = "Deno" in globalThis ? ["run", "-A", MAIN] : [MAIN];

test("main.ts may be run by itself", () => {
  assert.equal(statSync(MAIN).mode & 0o111, 0o111);
});

test("main.ts says its version, also to who decodes a machine", { timeout: 60_000 }, () => {
  const said = (...args: string[]) =>
    spawnSync(process.execPath, [...RUN, ...args], { encoding: "utf8" }).stdout;
  assert.match(said("--version"), /^\d+\.\d+\.\d+\n$/);
  assert.equal(said("decode", "qemu-stream", "--version"), said("--version"));
});

test("main.ts has init and doctor start by themselves", { timeout: 60_000 }, () => {
  const asked = ["doctor", "--config", "none.json"];
  const { status, stderr } = spawnSync(process.execPath, [...RUN, ...asked], { encoding: "utf8" });
  assert.equal(status, 2);
  assert.match(stderr, /^Cannot read none\.json: .*\n$/);
  const { stdout } = spawnSync(process.execPath, [...RUN, "init", "--help"], { encoding: "utf8" });
  assert.match(stdout, /^Usage: freezethaw init \[options\] \[directory\]\n/);
});
