import assert from "node:assert/strict";
import { test } from "node:test";
import { METHODS } from "../xenops_interface/mod.ts";
import type { Quirk } from "../xenopsd/mod.ts";
import { OPERATIONS } from "./operations_table.ts";
import { soak } from "./soak.ts";
import { type SweepKind, type SweepState, sweep } from "./sweep.ts";

/** The large runs do not depend on the runtime. */
const onNode = process.versions.deno === undefined && process.versions.bun === undefined;

function swept(kind: SweepKind, ...quirks: Quirk[]): SweepState {
  let last: SweepState = { operations: 0, runs: 0, broken: [] };
  for (const state of sweep(kind, new Set(quirks))) last = state;
  return last;
}

test("OPERATIONS has every method that answers with a task, but for migrations", () => {
  const tried = new Set(OPERATIONS.map(({ method }) => method));
  const tasks = Object.entries(METHODS).filter(([, { task }]) => task);
  assert.deepEqual(
    tasks.map(([name]) => name).filter((name) => !tried.has(name as "VM.start")),
    ["VM.migrate"],
  );
});

test("sweep() finds nothing after 5,000 crashes and crashes of repairs", {
  timeout: 120_000,
  skip: onNode ? false : "does not depend on the runtime",
}, () => {
  const { operations, runs, broken } = swept("crash");
  assert.deepEqual(broken, []);
  assert.equal(operations, OPERATIONS.length);
  assert.ok(runs >= 5_000, `${runs} runs`);
});

test("sweep() finds nothing after cancellations at every point", { timeout: 60_000 }, () => {
  const { runs, broken } = swept("cancel");
  assert.deepEqual(broken, []);
  assert.ok(runs >= 400, `${runs} runs`);
});

test("sweep() finds the window of a late marker, and where it is", {
  timeout: 120_000,
  skip: onNode ? false : "does not depend on the runtime",
}, () => {
  const { broken } = swept("crash", "late-marker");
  assert.ok(broken.length > 0);
  for (const { at, what } of broken) {
    assert.match(at.at(-1) ?? "", /VM_create vm mid:\d \(domain\)$/);
    assert.equal(what, "its domain is not built");
  }
  const operations = new Set(broken.map(({ operation }) => operation));
  assert.deepEqual([...operations], ["VM.start", "VM.reboot", "VM.resume", "VM.create"]);
});

test("soak() makes its steps under all invariants and finds nothing", { timeout: 60_000 }, () => {
  for (const seed of [1, 2, 3]) {
    for (const { steps, cancelled, rests, findings } of soak({ steps: 20_000, seed })) {
      assert.deepEqual(findings, []);
      assert.ok(steps >= 20_000 && cancelled > 0 && rests > 0);
    }
  }
});

test("soak() finds devices that are never active", { timeout: 60_000 }, () => {
  const quirks = new Set<Quirk>(["X2-never-active"]);
  for (const { findings } of soak({ steps: 5_000, seed: 1, quirks })) {
    assert.ok(findings.some(({ invariant }) => invariant === "I15"));
  }
});
