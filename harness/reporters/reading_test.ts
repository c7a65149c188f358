import assert from "node:assert/strict";
import { test } from "node:test";
import type { ConditionResult, Report } from "../report.ts";
import { html } from "./html.ts";
import { junit } from "./junit.ts";
import { markdown } from "./markdown.ts";
import { counted } from "./reading.ts";
import { safely } from "./safe.ts";
import { syntheticReport } from "./synthetic_report.ts";
import { terminal } from "./terminal.ts";

/** A report of 30 conditions that counts how often it is read. */
function watched(): { readonly report: Report; readonly readings: () => number } {
  let readings = 0;
  const inner = syntheticReport({ conditions: 30, surpriseEvery: 7 });
  function* conditions(): Generator<ConditionResult> {
    readings++;
    yield* inner.conditions();
  }
  return { report: { ...inner, conditions }, readings: () => readings };
}

const REPORTERS = [terminal, junit, markdown, html].map(safely);

test("reporters that announce themselves share one reading, and say the same", () => {
  const alone = REPORTERS.map((reporter) => [...reporter(watched().report)].join(""));
  const { report, readings } = watched();
  for (const reporter of REPORTERS) reporter.announce?.(report);
  assert.equal(readings(), 0);
  const together = REPORTERS.map((reporter) => [...reporter(report)].join(""));
  assert.equal(readings(), 1);
  assert.deepEqual(together, alone);
});

test("counted reads for who has not announced itself, and once", () => {
  const { report, readings } = watched();
  const names = () => {
    const seen: string[] = [];
    return { seen, add: ({ name }: ConditionResult) => void seen.push(name) };
  };
  assert.equal(counted(report, names).seen.length, 30);
  assert.equal(counted(report, names).seen.length, 30);
  assert.equal(readings(), 1);
});

test("counted keeps nothing of a report that breaks off", () => {
  const inner = syntheticReport({ conditions: 30 });
  let breaks = true;
  function* conditions(): Generator<ConditionResult> {
    yield* Iterator.from(inner.conditions()).take(breaks ? 10 : 30);
    if (breaks) throw new Error("damaged");
  }
  const report = { ...inner, conditions };
  const count = () => ({
    results: 0,
    add() {
      this.results++;
    },
  });
  assert.throws(() => counted(report, count), /damaged/);
  breaks = false;
  assert.equal(counted(report, count).results, 30);
});
