import assert from "node:assert/strict";
import { test } from "node:test";
import { combined } from "./attempts.ts";
import type { CellResult, ConditionResult } from "./report.ts";

const HOP = { implementation: "counter", release: "1", inputs: {} };
const PASSED: CellResult = { scenario: "s/a", verdict: "passed" };
const FAILED: CellResult = {
  ...PASSED,
  verdict: "failed",
  reason: "1",
  edge: 0,
  surprise: "passed",
};

function attempt(...cells: CellResult[]): ConditionResult {
  const condition = { path: [HOP, HOP] as const, settings: {} };
  return { type: "condition", name: "c", condition, transcript: [], cells };
}

test("combined() shows the attempt that surprised and its rate", () => {
  const result = combined([attempt(PASSED), attempt(FAILED), attempt(PASSED)]);
  assert.deepEqual(result.cells, [
    { ...FAILED, flaky: { attempts: 3, surprises: 1, verdicts: { passed: 2, failed: 1 } } },
  ]);
});

test("combined() adds up the rates of what is combined already", () => {
  const flaky = { ...FAILED, flaky: { attempts: 4, surprises: 2 } };
  const result = combined([attempt(flaky), attempt(PASSED)]);
  assert.deepEqual(result.cells, [
    { ...FAILED, flaky: { attempts: 5, surprises: 2, verdicts: { failed: 2, passed: 3 } } },
  ]);
});

test("combined() keeps a rate when another attempt agrees", () => {
  const flaky = { ...FAILED, flaky: { attempts: 4, surprises: 2 } };
  const result = combined([attempt(flaky), attempt(FAILED)]);
  assert.deepEqual(result.cells, [
    { ...FAILED, flaky: { attempts: 5, surprises: 3, verdicts: { failed: 3, passed: 2 } } },
  ]);
});

test("combined() does not call other words of one failure a flake", () => {
  const [a, b] = [attempt(FAILED), attempt({ ...FAILED, reason: "2" })];
  assert.deepEqual(combined([a, b]).cells, [FAILED]);
});

test("combined() shows the break when verdicts differ though none surprises", () => {
  const known: CellResult = { ...PASSED, verdict: "refused", edge: 0, expected: "known" };
  const result = combined([attempt(PASSED), attempt(known)]);
  assert.deepEqual(result.cells, [
    { ...known, flaky: { attempts: 2, surprises: 0, verdicts: { passed: 1, refused: 1 } } },
  ]);
});

test("combined() keeps each cell that some attempt has, and how an adapter broke", () => {
  const other: CellResult = { scenario: "s/b", verdict: "passed" };
  const broken = { ...attempt(PASSED), adapterFault: "it lied", waited: true } as const;
  const result = combined([attempt(PASSED, other), broken]);
  assert.deepEqual(result.cells, [PASSED, other]);
  assert.equal(result.adapterFault, "it lied");
  assert.equal(result.waited, true);
});
