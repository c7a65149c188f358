/**
 * Has the model of XenStore get one thing wrong after an update, and sees each scenario turn red
 * that speaks of it. The healthy model shows that nothing else does.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { modelAdapter } from "../harness/adapters/xenstored/model_rig.ts";
import { xenstoredSpace } from "../harness/adapters/xenstored/space.ts";
import type { Tamper } from "../harness/adapters/xenstored/tamper.ts";
import { TAMPERS } from "../harness/adapters/xenstored/tampers_table.ts";
import { namePattern } from "../harness/name_pattern.ts";
import { makePlan } from "../harness/plan.ts";
import { bindScenarios } from "../harness/program.ts";
import type { CellResult } from "../harness/report.ts";
import { Run } from "../harness/run.ts";
import { Selection } from "../harness/selection.ts";
import { XENSTORE_SUITES } from "./mod.ts";

const RELEASE = "model";
const space = {
  ...xenstoredSpace,
  implementation: RELEASE,
  releases: [RELEASE],
  families: [[RELEASE]],
  constraints: [],
};
const bound = bindScenarios(XENSTORE_SUITES);
const DEADLINE_MS = 5_000;
const TIMEOUT = { timeout: 120_000 };

/** Cells of the scenarios that `patterns` match, on the model that is tampered with. */
async function cellsOf(
  tamper: Tamper,
  patterns: readonly string[],
): Promise<ReadonlyMap<string, CellResult>> {
  const matches = patterns.map(namePattern);
  const scenarios = bound.filter(({ id }) => matches.some((match) => match(id)));
  const input = { space, scenarios, oracles: [], seed: 1 };
  const plan = makePlan(input, new Selection({ parts: ["pairs", "faults"] }));
  const adapter = modelAdapter(tamper);
  const run = new Run({ ...input, adapter, expectations: [], plan, deadlineMs: DEADLINE_MS });
  const cells = new Map<string, CellResult>();
  for await (const result of run.results()) {
    for (const cell of result.cells) cells.set(cell.scenario, cell);
  }
  return cells;
}

const HEALTHY: Tamper = { name: "healthy", noticedBy: [] };
const red = new Set<string>();

/** What the model does as C xenstored 4.20 does it: red without any tampering. */
const RED = [
  "xenstore-quotas/set/stays-set",
  "xenstore-quotas/transactions/are-as-many-as-stated",
  "xenstore-under-way/forced/identifier-is-not-given-again",
  "xenstore-under-way/forced/transaction-ends-in-conflict",
];

test("the healthy model passes every scenario but those that are known", TIMEOUT, async () => {
  const cells = await cellsOf(HEALTHY, ["*"]);
  assert.equal(cells.size, bound.length);
  const failed = [...cells.values()].filter(({ verdict }) => verdict !== "passed");
  assert.deepEqual(failed.map(({ scenario }) => scenario).sort(), RED);
  for (const id of RED) red.add(id);
});

for (const tamper of TAMPERS) {
  test(`a daemon that ${tamper.name} is noticed`, TIMEOUT, async () => {
    const cells = await cellsOf(tamper, tamper.noticedBy);
    assert.ok(cells.size > 0);
    const blind = [...cells.values()].filter(({ verdict }) => /passed|error|unsup/.test(verdict));
    assert.deepEqual(
      blind.map(({ scenario, verdict, reason = "" }) => `${scenario} ${verdict} ${reason}`),
      [],
    );
    for (const id of cells.keys()) red.add(id);
  });
}

test("TAMPERS turn every scenario red", () => {
  const green = bound.map(({ id }) => id).filter((id) => !red.has(id));
  assert.deepEqual(green, []);
});
