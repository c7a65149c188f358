import assert from "node:assert/strict";
import { test } from "node:test";
import type { Axis } from "./axis.ts";
import type { Expectation } from "./expectation.ts";
import { Expectations } from "./expectation_match.ts";
import type { Oracle } from "./oracle.ts";
import type { Path } from "./path.ts";
import { bindOracles, bindScenarios } from "./program.ts";
import type { CellResult, ConditionResult, TranscriptLine } from "./report.ts";
import { type Scenario, suite } from "./scenario.ts";

const CLAIM = { must: "A claim", source: "counter manual, 1", needs: [], after() {} };
const SCENARIOS = bindScenarios([
  suite("s", [
    { ...CLAIM, name: "plain" },
    { ...CLAIM, name: "hears", afterFailedRestore() {} },
    { ...CLAIM, name: "hears-saves", afterFailedSave() {} },
  ] as Scenario[]),
]);
const ORACLES = bindOracles([{ ...CLAIM, name: "watch", judge() {} } as Oracle]);

const OLD: Expectation = {
  name: "old",
  factors: { writer: "1", reader: ["2", "3"], "writer.mode": "up" },
  verdict: "refused",
  reason: "too old",
  link: "https://example.com/1",
  note: "Too old.",
};

const REFUSED: Omit<CellResult, "scenario"> = {
  verdict: "refused",
  reason: "count too old",
  edge: 0,
};

function result(releases: string, cells: readonly CellResult[]): ConditionResult {
  const hops = [...releases].map((release) => ({
    implementation: "counter",
    release,
    inputs: { mode: "up" },
  }));
  const condition = { path: hops as unknown as Path, settings: { size: "small" } };
  return { type: "condition", name: releases, condition, transcript: [], cells };
}

/** What entries make of one cell: name of the expectation, or the surprise. */
function judge(
  entries: readonly Expectation[],
  releases: string,
  cell: Omit<CellResult, "scenario">,
  scenario = "s/plain",
): string | undefined {
  const expectations = new Expectations(entries, SCENARIOS, ORACLES);
  const { cells } = expectations.judge(result(releases, [{ scenario, ...cell }]));
  return cells[0]?.surprise ?? cells[0]?.expected;
}

test("Expectations foresee a failure with their verdict, edge and reason", () => {
  assert.equal(judge([OLD], "12", REFUSED), "old");
  assert.equal(judge([OLD], "13", REFUSED), "old");
  assert.equal(judge([OLD], "21", { verdict: "passed" }), undefined);
  assert.equal(judge([OLD], "212", { ...REFUSED, edge: 1 }), "old");
});

test("Expectations are surprised by a failure that no entry foresees", () => {
  assert.equal(judge([OLD], "23", REFUSED), "passed");
  assert.equal(judge([], "12", REFUSED), "passed");
});

test("Expectations are surprised by another verdict, reason or edge, and by a pass", () => {
  const expected = 'refused on edge 0 with "too old" (old)';
  assert.equal(judge([OLD], "12", { verdict: "passed" }), expected);
  assert.equal(judge([OLD], "12", { ...REFUSED, verdict: "crashed" }), expected);
  assert.equal(judge([OLD], "12", { ...REFUSED, reason: "no memory" }), expected);
  assert.equal(judge([OLD], "123", { ...REFUSED, edge: 1 }), expected);
});

test("Expectations predict from the first edge that matches", () => {
  const late = { ...OLD, name: "late", factors: { writer: "2", reader: "3" }, reason: "late" };
  const cell = { ...REFUSED, reason: "late", edge: 1 };
  assert.equal(judge([late, OLD], "123", cell), 'refused on edge 0 with "too old" (old)');
  assert.equal(judge([late, OLD], "323", cell), "late");
});

test("Expectations let any of several matching entries be right", () => {
  const crash = { ...OLD, name: "crash", verdict: "crashed", reason: "" } as const;
  assert.equal(judge([crash, OLD], "12", REFUSED), "old");
  assert.equal(judge([crash, OLD], "12", { ...REFUSED, verdict: "crashed" }), "crash");
  assert.equal(
    judge([crash, OLD], "12", { verdict: "passed" }),
    'crashed on edge 0 with "" (crash) or refused on edge 0 with "too old" (old)',
  );
});

test("Expectations without scenarios leave out those who judge failed hops themselves", () => {
  for (const id of ["s/hears", "s/hears-saves", "oracle/watch"]) {
    assert.equal(judge([OLD], "12", { verdict: "passed" }, id), undefined, id);
    const named = { ...OLD, scenarios: ["other", "*"] };
    assert.equal(judge([named], "12", REFUSED, id), "old", id);
  }
  assert.equal(judge([{ ...OLD, scenarios: ["s/h*"] }], "12", REFUSED), "passed");
});

test("Expectations leave unsupported cells alone", () => {
  assert.equal(judge([OLD], "12", { verdict: "unsupported", reason: "1 lacks nvme" }), undefined);
});

test("Expectations are stale when nothing bears them out", () => {
  const stale = (whole: boolean, releases: string, cell: Omit<CellResult, "scenario">) => {
    const expectations = new Expectations([OLD], SCENARIOS, ORACLES);
    expectations.judge(result(releases, [{ scenario: "s/plain", ...cell }]));
    return expectations.stale(whole);
  };
  assert.deepEqual(stale(true, "12", REFUSED), []);
  assert.deepEqual(stale(false, "12", REFUSED), []);
  // Its factors were met and nothing failed so.
  assert.deepEqual(stale(false, "12", { verdict: "passed" }), ["old"]);
  // Its factors were met, and another entry explains what happened.
  const other = { ...OLD, name: "other" };
  const expectations = new Expectations([other, OLD], SCENARIOS, ORACLES);
  expectations.judge(result("12", [{ scenario: "s/plain", ...REFUSED }]));
  assert.deepEqual(expectations.stale(false), []);
  assert.deepEqual(expectations.stale(true), ["old"]);
  // Its factors were not met: only a whole run can tell.
  assert.deepEqual(stale(false, "22", { verdict: "passed" }), []);
  assert.deepEqual(stale(true, "22", { verdict: "passed" }), ["old"]);
});

function lines(...events: readonly TranscriptLine["event"][]): TranscriptLine[] {
  return events.map((event) => ({ event, release: "2", detail: "" }));
}

test("Expectations on an edge that the machine never came to predict nothing", () => {
  const later = { ...OLD, factors: { writer: "2" }, scenarios: ["s/hears"] };
  const expectations = new Expectations([later], SCENARIOS, ORACLES);
  const passed: CellResult = { scenario: "s/hears", verdict: "passed" };
  const judged = (...events: readonly TranscriptLine["event"][]) =>
    expectations.judge({ ...result("123", [passed]), transcript: lines(...events) }).cells[0];
  assert.equal(judged("started", "saved", "not-restored")?.surprise, undefined);
  assert.equal(judged("not-started")?.surprise, undefined);
  assert.equal(judged("started", "saved", "restored", "left-alone")?.surprise, undefined);
  assert.deepEqual(expectations.stale(false), []);
  const surprise = /^refused on edge 1 with "too old"/;
  assert.match(judged("started", "saved", "restored", "save-failed")?.surprise ?? "", surprise);
  const second = ["started", "not-restored", "started", "restored"] as const;
  assert.match(judged(...second)?.surprise ?? "", surprise);
  assert.deepEqual(expectations.stale(false), ["old"]);
});

test("Expectations predict nothing on later edges for a scenario about the first one", () => {
  const fault = { name: "fault", per: "path", values: ["none", "cut"], meaning: "" } as const;
  const axes = [{ ...fault, neutral: "none", onlyFirst: true }] as const;
  const struck = { ...CLAIM, name: "struck", when: { fault: "cut" } } as Scenario;
  const scenarios = bindScenarios([suite("s", [struck, { ...CLAIM, name: "plain" } as Scenario])]);
  const refused = { ...OLD, factors: { writer: "2", reader: "3" } };
  const judged = (releases: string, scenario: string, verdict: Omit<CellResult, "scenario">) => {
    const expectations = new Expectations([refused], scenarios, ORACLES, axes);
    return expectations.judge(result(releases, [{ scenario, ...verdict }])).cells[0];
  };
  const passed = { verdict: "passed" } as const;
  assert.equal(judged("123", "s/struck", passed)?.surprise, undefined);
  assert.notEqual(judged("123", "s/plain", passed)?.surprise, undefined);
  assert.notEqual(judged("23", "s/struck", passed)?.surprise, undefined);
});

test("Expectations speak of parts of values, and of a fault only where it strikes", () => {
  const axes = [
    {
      name: "fault",
      per: "path",
      values: ["none", "disk:cut"],
      neutral: "none",
      onlyFirst: true,
      parts: ["place", "kind"],
      meaning: "",
    },
  ] as const;
  const cut = { ...OLD, factors: { "fault.kind": "cut" } };
  const expectations = new Expectations([cut], SCENARIOS, ORACLES, axes);
  const { condition, ...line } = result("123", [{ scenario: "s/plain", ...REFUSED }]);
  const struck = { ...line, condition: { ...condition, settings: { fault: "disk:cut" } } };
  assert.equal(expectations.judge(struck).cells[0]?.expected, "old");
  const later = { ...struck, cells: [{ scenario: "s/plain", ...REFUSED, edge: 1 }] };
  assert.match(expectations.judge(later).cells[0]?.surprise ?? "", /^refused on edge 0/);
});

test("Expectations that may pass are no surprise when they do, and never stale", () => {
  const lenient = { ...OLD, mayPass: true } as const;
  const expectations = new Expectations([lenient], SCENARIOS, ORACLES);
  const cells: CellResult[] = [{ scenario: "s/plain", verdict: "passed" }];
  assert.equal(expectations.judge(result("12", cells)).cells[0]?.surprise, undefined);
  assert.deepEqual(expectations.stale(true), []);
  assert.equal(judge([lenient], "12", REFUSED), "old");
  assert.match(judge([lenient], "12", { ...REFUSED, edge: 1 }) ?? "", /^refused on edge 0/);
});

/** May pass on the edge where it is first met. */
const LENIENT: Expectation = { ...OLD, name: "lenient", mayPass: true };
/** Speaks of the edge behind that. */
const STRICT: Expectation = { ...OLD, name: "strict", factors: { writer: "2" } };

test("Expectations that may pass leave the word to later edges", () => {
  const at = (edge: number) => judge([LENIENT, STRICT], "123", { ...REFUSED, edge });
  assert.equal(at(0), "lenient");
  assert.equal(at(1), "strict");
  const other = judge([LENIENT, STRICT], "123", { ...REFUSED, reason: "no memory" }) ?? "";
  assert.match(other, /^refused on edge 0 .*\(lenient\) or refused on edge 1 .*\(strict\)$/);
});

test("Expectations are certain of nothing behind what is not certain", () => {
  assert.equal(judge([LENIENT, STRICT], "123", { verdict: "passed" }), undefined);
  assert.match(judge([STRICT], "123", { verdict: "passed" }) ?? "", /^refused on edge 1/);
});

test("Expectations are certain of nothing behind an edge that a fault disturbs", () => {
  const axes: readonly Axis[] = [
    {
      name: "fault",
      per: "path",
      values: ["none", "drop"],
      neutral: "none",
      onlyFirst: true,
      meaning: "",
    },
  ];
  const surprise = (releases: string, fault: string) => {
    const { condition, ...rest } = result(releases, [{ scenario: "s/plain", verdict: "passed" }]);
    const settings = { ...condition.settings, fault };
    const disturbed = { ...rest, condition: { ...condition, settings } };
    const judged = new Expectations([STRICT], SCENARIOS, ORACLES, axes).judge(disturbed);
    return judged.cells[0]?.surprise;
  };
  assert.equal(surprise("123", "drop"), undefined);
  assert.match(surprise("123", "none") ?? "", /^refused on edge 1/);
  assert.match(surprise("23", "drop") ?? "", /^refused on edge 0/);
});
