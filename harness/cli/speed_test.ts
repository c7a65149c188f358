import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { speedOf, timesNow } from "./speed.ts";

/** Takes longer than what the system counts by. */
const WORK = "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done";

const LINUX = { skip: process.platform === "linux" ? false : "needs /proc" };

test("speedOf() compares a run with what programs computed, by all processors", () => {
  const line = "Took 10.0 s: 1.25 times the 16.0 s that programs computed, over 2 processors";
  assert.equal(speedOf(10_000, 16_000, 2), line);
  assert.equal(speedOf(10_000, 999, 2), undefined);
  assert.notEqual(speedOf(10_000, 1000, 2), undefined);
});

test("timesNow() counts programs that have ended", LINUX, () => {
  const before = timesNow();
  execFileSync("sh", ["-c", WORK]);
  const after = timesNow();
  assert.ok((after.programsMs ?? 0) > (before.programsMs ?? 0));
  assert.ok(after.wallMs > before.wallMs);
});

test("timesNow() counts programs that still run, and what theirs computed", LINUX, async () => {
  for (const script of [`${WORK}; echo done; read -r line`, `(${WORK}); echo done; read -r line`]) {
    const before = timesNow();
    const child = spawn("sh", ["-c", script], { stdio: ["pipe", "pipe", "ignore"] });
    await once(child.stdout, "data");
    assert.ok((timesNow().programsMs ?? 0) > (before.programsMs ?? 0));
    child.stdin.end();
    await once(child, "close");
  }
});
