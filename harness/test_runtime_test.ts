import assert from "node:assert/strict";
import { test } from "node:test";
import { addCounts, readCounts, TEST_RUNTIMES } from "./test_runtime.ts";

/** Closing lines as each runtime printed them for the same six tests. */
const NODE = ["ℹ tests 7", "ℹ suites 1", "ℹ pass 2", "ℹ fail 2", "ℹ cancelled 1"].concat([
  "ℹ skipped 1",
  "ℹ todo 1",
  "ℹ duration_ms 218.44",
]);
const DENO = ["FAILED | 2 passed (1 step) | 3 failed (1 step) | 2 ignored (82ms)"];
const BUN = [" 2 pass", " 1 skip", " 1 todo", " 3 fail", "Ran 7 tests across 3 files. [24.00ms]"];

test("readCounts() reads the closing lines of each runtime", () => {
  const expected = { passed: 2, failed: 3, skipped: 2 };
  assert.deepEqual(readCounts(TEST_RUNTIMES.node, NODE, 1), expected);
  assert.deepEqual(readCounts(TEST_RUNTIMES.deno, DENO, 1), expected);
  assert.deepEqual(readCounts(TEST_RUNTIMES.bun, BUN, 1), expected);
});

test("readCounts() takes the last closing line, as a test may print one", () => {
  const lines = ["ok | 99 passed | 0 failed (1ms)", "ok | 3 passed | 0 failed (1ms)"];
  assert.equal(readCounts(TEST_RUNTIMES.deno, lines, 0).passed, 3);
});

test("readCounts() counts a bad exit without a failed test as a failure", () => {
  assert.equal(readCounts(TEST_RUNTIMES.node, ["ℹ pass 5", "ℹ fail 0"], 1).failed, 1);
  assert.equal(readCounts(TEST_RUNTIMES.deno, ["error: Module not found"], 1).failed, 1);
});

test("readCounts() counts a run without tests as a failure", () => {
  assert.equal(readCounts(TEST_RUNTIMES.bun, [" 0 pass", " 0 fail"], 0).failed, 1);
});

test("readCounts() takes a run whose tests are all skipped as it is", () => {
  const counts = { passed: 0, failed: 0, skipped: 4 };
  const line = "ok | 0 passed | 0 failed | 4 ignored (9ms)";
  assert.deepEqual(readCounts(TEST_RUNTIMES.deno, [line], 0), counts);
  assert.equal(readCounts(TEST_RUNTIMES.deno, [line], 1).failed, 1);
});

test("addCounts() adds up what batches come to", () => {
  const one = { passed: 1, failed: 2, skipped: 3 };
  assert.deepEqual(addCounts(one, { passed: 10, failed: 20, skipped: 30 }), {
    passed: 11,
    failed: 22,
    skipped: 33,
  });
});

test("TestRuntime.noise hides passed tests and keeps failures and skip reasons", () => {
  const { node, deno, bun } = TEST_RUNTIMES;
  for (const line of ["✔ a (1ms)", "  ✔ a (1ms)", "ℹ pass 2"]) assert.match(line, node.noise);
  for (const line of ["✖ a (1ms)", "﹣ a (1ms) # chromium is not installed", "ℹ note"]) {
    assert.doesNotMatch(line, node.noise);
  }
  assert.match("a ... ok (702µs)", deno.noise);
  assert.doesNotMatch("a ... FAILED (1ms)", deno.noise);
  assert.match("(pass) a [0.10ms]", bun.noise);
  assert.doesNotMatch("(fail) a [0.10ms]", bun.noise);
});
