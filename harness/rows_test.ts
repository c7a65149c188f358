import assert from "node:assert/strict";
import { test } from "node:test";
import type { CellResult } from "./report.ts";
import { Rows } from "./rows.ts";
import type { Verdict } from "./verdict.ts";

const BLANK: readonly CellResult[] = [
  { scenario: "a", verdict: "passed" },
  { scenario: "b", verdict: "unsupported", reason: "1 lacks b" },
  { scenario: "c", verdict: "passed" },
];
const FAILED: Verdict = { kind: "failed", reason: "lost", edge: 0 };

test("Rows put verdicts into their seats and keep the other cells", () => {
  const rows = new Rows(BLANK);
  assert.equal(rows.of([undefined, undefined, undefined]), BLANK);
  assert.deepEqual(rows.of([undefined, undefined, FAILED]), [
    ...BLANK.slice(0, 2),
    { scenario: "c", verdict: "failed", reason: "lost", edge: 0 },
  ]);
});

test("Rows tell verdicts in one seat apart", () => {
  const rows = new Rows(BLANK);
  for (const verdict of [
    FAILED,
    { ...FAILED, edge: 1 },
    { ...FAILED, reason: "gone" },
    { ...FAILED, kind: "hung" },
  ] as const) {
    const { kind, ...rest } = verdict;
    const cell = { scenario: "a", verdict: kind, ...rest };
    assert.deepEqual(rows.of([verdict, undefined, undefined])[0], cell);
  }
});

test("Rows share a row among equal verdicts only", () => {
  const rows = new Rows(BLANK);
  const row = rows.of([FAILED, undefined, FAILED]);
  const twin = { ...FAILED };
  assert.equal(rows.of([twin, undefined, twin]), row);
  for (const other of [
    [FAILED, undefined, { ...FAILED, edge: 1 }],
    [FAILED, undefined, { ...FAILED, reason: "gone" }],
    [FAILED, undefined, { ...FAILED, kind: "hung" }],
    [FAILED, undefined, undefined],
    [undefined, undefined, FAILED],
  ] as (Verdict | undefined)[][]) {
    assert.notEqual(rows.of(other), row);
    assert.equal(rows.of(other)[2]?.verdict, other[2]?.kind ?? "passed");
  }
});
