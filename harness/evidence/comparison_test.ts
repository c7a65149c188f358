import assert from "node:assert/strict";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { conditionPairs, type Turn } from "../changed_cells.ts";
import type { CellResult, Report } from "../report.ts";
import { openReport } from "../report_file.ts";
import { changesOf } from "../run_changes.ts";
import { compareRuns } from "./comparison.ts";

const FIXTURE = openReport(
  fileURLToPath(new URL("../../fixtures/history/run.ndjson", import.meta.url)),
);

const { selection: _, ...HEADER } = FIXTURE.header;
const END = { type: "end", conditions: 1, cells: 1, surprises: 0, verdicts: {}, stale: [] };
/** A run that is whole. */
const RUN = { ...FIXTURE, header: HEADER, end: END } as unknown as Report;

/** The run, with the cells of its first condition in place of its own. */
function having(cells: readonly CellResult[], more: Partial<Report> = {}): Report {
  const [first] = FIXTURE.conditions();
  assert.ok(first !== undefined);
  return { ...RUN, ...more, conditions: () => [{ ...first, cells }].values() };
}

const cell = (verdict: CellResult["verdict"], reason?: string): CellResult => ({
  scenario: "a/b",
  verdict,
  ...(reason === undefined ? {} : { reason }),
});

/** What became of the one cell. */
function turnOf(before: Report, after: Report): Turn | undefined {
  return [...conditionPairs(before, after)].flatMap(({ cells }) => cells)[0]?.turn;
}

test("a cell is lost or gained by what it passed, and changed by its reason", () => {
  for (const [before, after, turn] of [
    [cell("passed"), cell("passed"), "same"],
    [cell("passed"), cell("failed", "x"), "lost"],
    [cell("passed"), cell("unsupported", "x"), "lost"],
    [cell("hung", "x"), cell("passed"), "gained"],
    [cell("failed", "x"), cell("failed", "x"), "same"],
    [cell("failed", "x"), cell("failed", "y"), "changed"],
    [cell("failed", "x"), cell("hung", "x"), "changed"],
    [undefined, cell("passed"), "gained"],
    [undefined, cell("failed", "x"), "unasked"],
    [cell("passed"), undefined, "lost"],
  ] as const) {
    const [old, now] = [before, after].map((one) => having(one === undefined ? [] : [one]));
    assert.equal(turnOf(old as Report, now as Report), turn);
  }
});

test("what a part of a plan leaves out is neither lost nor gained", () => {
  const part = { header: { ...RUN.header, selection: ["--where a=b"] } };
  assert.equal(turnOf(having([cell("passed")]), having([], part)), "unasked");
  assert.equal(turnOf(having([], part), having([cell("passed")])), "unasked");
});

test("what is new for a change request and what compare tells is the same", () => {
  const before = having([cell("passed")]);
  const after = having([cell("failed", "x")]);
  const [change] = changesOf(before, after).changes;
  assert.deepEqual([change?.kind, change?.reason, change?.cells], ["lost", "x", 1]);
  assert.deepEqual(
    compareRuns(before, after).lost.map(({ reason, cells }) => [reason, cells]),
    [["x", 1]],
  );
});
