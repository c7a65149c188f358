import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConditionResult } from "../report.ts";
import { Blackouts, milliseconds } from "./blackouts.ts";

function resultOf(release: string, ...phases: Record<string, number>[]): ConditionResult {
  return {
    type: "condition",
    name: "a>b",
    condition: { path: [], settings: {} } as unknown as ConditionResult["condition"],
    transcript: phases.map((figures) => ({ event: "blackout", release, detail: "", figures })),
    cells: [],
  };
}

test("Blackouts has shortest, median and longest time by reader", () => {
  const blackouts = new Blackouts();
  blackouts.add(resultOf("b", { quiesce: 1, drain: 2 }, { quiesce: 9 }, { quiesce: 3 }));
  blackouts.add(resultOf("a", { quiesce: 7 }));
  assert.deepEqual(blackouts.ranges(["a", "b", "c"]), [
    { release: "a", count: 1, shortestUs: 7, medianUs: 7, longestUs: 7 },
    { release: "b", count: 3, shortestUs: 3, medianUs: 3, longestUs: 9 },
  ]);
});

test("milliseconds() has one decimal", () => {
  assert.equal(milliseconds(221_240), "221.2 ms");
});
