import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { speedOf, timesNow } from "./speed.ts";

test("speedOf() compares a run with what programs computed, by all processors", () => {
  const line = "Took 10.0 s: 1.25 times the 16.0 s that programs computed, over 2 processors";
  assert.equal(speedOf(10_000, 16_000, 2), line);
  assert.equal(speedOf(10_000, 999, 2), undefined);
  assert.notEqual(speedOf(10_000, 1000, 2), undefined);
});

test("timesNow() counts programs that have ended, where the system tells", () => {
  const before = timesNow();
  execFileSync("sh", ["-c", "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done"]);
  const after = timesNow();
  if (process.platform !== "linux") return;
  assert.ok((after.programsMs ?? 0) > (before.programsMs ?? 0));
  assert.ok(after.wallMs > before.wallMs);
});
