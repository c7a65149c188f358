import assert from "node:assert/strict";
import { test } from "node:test";
import { inProcessBench } from "../../harness/adapters/xenopsd/in_process.ts";
import type { Quirk } from "../../src/xenopsd/mod.ts";
import { KNOWN } from "../known/xenopsd.ts";
import { CASES, type CaseResult, runCases } from "./mod.ts";

const only = (ids: readonly string[]) => CASES.filter(({ id }) => ids.includes(id));
const reference = (quirks: readonly "late-marker"[] = []) => inProcessBench(new Set(quirks), 1);

async function resultsOf(results: AsyncIterable<CaseResult>): Promise<CaseResult[]> {
  const all: CaseResult[] = [];
  for await (const result of results) all.push(result);
  return all;
}

test("CASES are 139, and numbered in each group", () => {
  const counts = { W: 12, O: 11, S: 15, K: 15, T: 18, Q: 12, U: 21, M: 24, G: 11 };
  const wanted = Object.entries(counts).flatMap(([group, count]) =>
    Array.from({ length: count }, (_, at) => `${group}${`${at + 1}`.padStart(2, "0")}`),
  );
  assert.equal(wanted.length, 139);
  assert.deepEqual(
    CASES.map(({ id }) => id),
    wanted,
  );
});

test("CASES are claims in one sentence", () => {
  for (const { id, must } of CASES)
    assert.match(must, /^(?:[A-Z]|destroy|refresh|debug)[^\n]*[^.\n]$/, id);
});

test("CASES pass on the reference", { timeout: 120_000 }, async () => {
  for (const { id, verdict, reason } of await resultsOf(runCases(CASES, reference(), {}))) {
    assert.equal(verdict, "passed", `${id}: ${reason}`);
  }
});

test("runCases() tells known deviations from others", { timeout: 60_000 }, async () => {
  const cases = only(["K02", "K03"]);
  const verdicts = async (quirks: readonly "late-marker"[], known: Record<string, string>) =>
    (await resultsOf(runCases(cases, reference(quirks), known))).map(({ verdict }) => verdict);
  const known = KNOWN["late-marker"];
  assert.deepEqual(await verdicts(["late-marker"], known), ["passed", "known"]);
  assert.deepEqual(await verdicts(["late-marker"], {}), ["passed", "failed"]);
  assert.deepEqual(await verdicts(["late-marker"], { K03: "another" }), ["passed", "unlisted"]);
  assert.deepEqual(await verdicts([], known), ["passed", "unlisted"]);
});

/** They strike everywhere, and the command tries them all. */
const SWEEPS = ["K01", "K06", "K07", "K09", "T09", "G02", "G03"];

for (const [quirk, known] of Object.entries(KNOWN) as [Quirk, Record<string, string>][]) {
  test(`KNOWN of ${quirk} shows, and in no other way`, { timeout: 60_000 }, async () => {
    const cases = only(Object.keys(known).filter((id) => !SWEEPS.includes(id)));
    for (const { id, verdict, reason } of await resultsOf(
      runCases(cases, inProcessBench(new Set([quirk]), 1), known),
    )) {
      assert.equal(verdict, "known", `${id}: ${reason}`);
    }
  });
}

test("runCases() skips what a target cannot do, and says what that is", async () => {
  const bench = { ...reference(), capabilities: new Set<never>() };
  const [result] = await resultsOf(runCases(only(["K01"]), bench, {}));
  assert.deepEqual(result?.verdict, "skipped");
  assert.equal(result?.reason, "there is no restart");
});

test("runCases() tells a target that broke from a claim that does not hold", async () => {
  const open = () => Promise.reject(new Error("it has gone\nwith a stack"));
  const [result] = await resultsOf(runCases(only(["O01"]), { ...reference(), open }, {}));
  assert.deepEqual([result?.verdict, result?.reason], ["error", "it broke: it has gone"]);
});
