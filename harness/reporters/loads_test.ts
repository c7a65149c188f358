import assert from "node:assert/strict";
import { test } from "node:test";
import type { CellResult, ConditionResult, Report } from "../report.ts";
import { loads } from "./loads.ts";
import { REPORT } from "./sample_report.ts";

function hop(release: string) {
  return { implementation: "qemu", release, inputs: {} };
}

/** A condition on which the machine came to `loaded` releases. */
function condition(cells: readonly CellResult[], loaded: number): ConditionResult {
  const settings = { devices: "esp", machine: "pc", mode: "cold" };
  const restored = { event: "restored", release: "b", detail: "" } as const;
  return {
    type: "condition",
    name: "n",
    condition: { path: [hop("a"), hop("b"), hop("c")], settings },
    transcript: new Array(loaded).fill(restored),
    cells,
  };
}

function rows(result: ConditionResult): unknown[] {
  const report: Report = { ...REPORT, conditions: () => [result] };
  return [...loads(report)].map((text) => JSON.parse(text));
}

const EDGE = { machine: "pc", set: "esp", mode: "cold" };
const PASSED = { verdict: "passed", class: null, device: null, text: null };

test("loads has a row for each load, up to the one that failed, with the gravest verdict", () => {
  const refused: CellResult = {
    scenario: "s/a",
    verdict: "refused",
    edge: 1,
    reason: "layout of 0000:00:01.0/esp: Missing section footer for x: y",
  };
  const failed: CellResult = { scenario: "s/b", verdict: "failed", edge: 1, reason: "other" };
  assert.deepEqual(rows(condition([failed, refused], 1)), [
    { writer: "a", reader: "b", ...EDGE, ...PASSED },
    {
      writer: "b",
      reader: "c",
      ...EDGE,
      verdict: "refused",
      class: "layout",
      device: "0000:00:01.0/esp",
      text: "Missing section footer for x: y",
    },
  ]);
  const first: CellResult = { ...failed, edge: 0 };
  assert.deepEqual(rows(condition([first], 0)), [
    {
      writer: "a",
      reader: "b",
      ...EDGE,
      verdict: "failed",
      class: null,
      device: null,
      text: "other",
    },
  ]);
});

test("loads knows the class of a reader that died or hangs, and what was not run", () => {
  const hung: CellResult = { scenario: "s/a", verdict: "hung", edge: 0, reason: "no answer" };
  const [row] = rows(condition([hung], 0)) as { class: string }[];
  assert.equal(row?.class, "hang");
  const absent: CellResult = { scenario: "s/a", verdict: "unsupported", reason: "not fetched" };
  const shown = { verdict: "unsupported", class: "absent", device: null, text: "not fetched" };
  assert.deepEqual(rows(condition([absent], 0)), [{ writer: "a", reader: "b", ...EDGE, ...shown }]);
});

test("loads says how often a load showed what that does not show the same each time", () => {
  const flaky = { attempts: 5, surprises: 0, verdicts: { failed: 3, passed: 2 } };
  const cell: CellResult = { scenario: "s/a", verdict: "failed", edge: 0, reason: "no", flaky };
  const [row] = rows(condition([cell], 0));
  const shown = { verdict: "failed", class: null, device: null, text: "no", flaky };
  assert.deepEqual(row, { writer: "a", reader: "b", ...EDGE, ...shown });
});
