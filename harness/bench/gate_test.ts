import { test } from "node:test";
import { assertEquals, assertThrows } from "@std/assert";
import { policyOf } from "../bench_policy.ts";
import type { ComparisonState } from "./comparison.ts";
import { gated } from "./gate.ts";
import type { BenchVerdict, Judged } from "./verdict.ts";

const TODAY = "2026-06-15";
const ENTRY = { metric: "save", reason: "checks more", link: "https://x.test/1", expires: TODAY };

function timed(metric: string, verdict: BenchVerdict, ratio = 1.08): Judged {
  const interval = { low: ratio - 0.02, high: ratio + 0.02 };
  return { metric, verdict, ratio, interval, p: 0.001, threshold: 1.02, detectable: 1.03 };
}

function stateOf(...all: readonly Judged[]): ComparisonState {
  const saved = { metric: "saved", unit: "B", a: 100, b: 104, verdict: "regression" } as const;
  return { blocks: 20, exact: [saved], only: { a: [], b: [] }, timed: all };
}

function standings(...given: Parameters<typeof gated>): Record<string, string> {
  const { rows, outcome } = gated(...given);
  return { ...Object.fromEntries(rows.map((row) => [row.metric, row.standing])), outcome };
}

test("gated() has every regression block where no policy says otherwise", () => {
  const state = stateOf(timed("save", "regression"), timed("restore", "same", 1));
  const found = standings(state, {}, TODAY);
  assertEquals(found, { saved: "blocks", save: "blocks", restore: "fine", outcome: "blocked" });
});

test("gated() blocks by what the first gate with that name allows, and tells the rest", () => {
  const state = stateOf(timed("save", "regression"), timed("start", "regression"));
  const policy = (allow: number) => ({
    gates: [{ metric: "saved*", allow: 4 }, { metric: "sav*", allow }, { metric: "save" }],
  });
  const told = { saved: "told", save: "told", start: "told", outcome: "passed" };
  assertEquals(standings(state, policy(8.1), TODAY), told);
  const blocks = { ...told, save: "blocks", outcome: "blocked" };
  assertEquals(standings(state, policy(7.9), TODAY), blocks);
});

test("gated() is undecided where a gate is, and only there", () => {
  const gates = [{ metric: "save" }];
  for (const verdict of ["inconclusive", "refused"] as const) {
    const open = { saved: "told", save: "undecided", outcome: "undecided" };
    assertEquals(standings(stateOf(timed("save", verdict)), { gates }, TODAY), open);
    const fine = { saved: "told", start: "fine", outcome: "passed" };
    assertEquals(standings(stateOf(timed("start", verdict)), { gates }, TODAY), fine);
  }
});

test("gated() accepts what an entry names, until the end of its last day", () => {
  const state = stateOf(timed("save", "regression"));
  const gates = [{ metric: "save" }];
  const with_ = (expires: string) => ({ gates, accepted: [{ ...ENTRY, expires }] });
  const accepted = { saved: "told", save: "accepted", outcome: "passed" };
  assertEquals(standings(state, with_(TODAY), TODAY), accepted);
  const over = { saved: "told", save: "blocks", outcome: "blocked" };
  assertEquals(standings(state, with_("2026-06-14"), TODAY), over);
});

test("gated() blocks on an entry that nothing needs, unless nobody knows yet", () => {
  const policy = { gates: [{ metric: "save" }], accepted: [ENTRY] };
  for (const [verdict, stale, outcome] of [
    ["same", 1, "blocked"],
    ["improvement", 1, "blocked"],
    ["inconclusive", 0, "undecided"],
    ["regression", 0, "passed"],
  ] as const) {
    const found = gated(stateOf(timed("save", verdict)), policy, TODAY);
    assertEquals([found.stale.length, found.outcome], [stale, outcome], verdict);
  }
  assertEquals(gated(stateOf(), policy, TODAY).stale, [ENTRY]);
});

test("policyOf() says in one line what is wrong", () => {
  for (const [value, words] of [
    [7, "bench must be an object: current value is 7"],
    [{ gates: {} }, "bench.gates must be a list: current value is {}"],
    [{ gates: [{}] }, "the metric of a gate must be a text: current value is absent"],
    [{ gates: [{ metric: "save", allow: -1 }] }, "allow must be percent from 0 on"],
    [{ accepted: [{ ...ENTRY, reason: " " }] }, "reason must be a text"],
    [{ accepted: [{ ...ENTRY, link: undefined }] }, "link must be a text"],
    [{ accepted: [{ ...ENTRY, expires: "2026-02-30" }] }, "expires must be a day, 2026-12-31"],
  ] as const) {
    assertThrows(() => policyOf(value), RangeError, words);
  }
  assertEquals(policyOf({}), { accepted: [] });
});
