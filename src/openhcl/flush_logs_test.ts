import assert from "node:assert/strict";
import { test } from "node:test";
import { VirtualClock } from "../machine/mod.ts";
import { FLUSH_LIMIT_US, flushLogs } from "./flush_logs.ts";

test("flushLogs() gives up after half a second and says so", () => {
  const clock = new VirtualClock();
  const result = flushLogs(clock, false);
  assert.deepEqual(result, { duration_us: BigInt(FLUSH_LIMIT_US), error: "deadline exceeded" });
  assert.equal(clock.nowUs, 500_000);
});

test("flushLogs() reports how long it took", () => {
  const clock = new VirtualClock();
  const { duration_us: durationUs, error } = flushLogs(clock, true);
  assert.equal(error, null);
  assert.equal(durationUs, BigInt(clock.nowUs));
  assert.ok(clock.nowUs < FLUSH_LIMIT_US);
});
