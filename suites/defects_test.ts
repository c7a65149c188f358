/**
 * Every seeded defect of OpenHCL is caught, for a reason that points at its cause; and none is
 * without the switch that turns it on, unless a release really has it.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Adapter } from "../harness/adapter.ts";
import type { Defect } from "../harness/defect.ts";
import { DefectHunt, type Finding } from "../harness/defect_hunt.ts";
import { pairsOf } from "../harness/defect_plan.ts";
import { openhcl } from "../harness/implementations/openhcl.ts";
import { bindOracles, bindScenarios } from "../harness/program.ts";
import { SIGNS } from "./known/openhcl_defects.ts";

const { space, suites, oracles, expectations, defects = [] } = openhcl;
const bound = { scenarios: bindScenarios(suites), oracles: bindOracles(oracles) };

/** OpenHCL whose switch is stuck. */
const stuck: Adapter = {
  ...openhcl.adapter,
  rig: (settings, seed) => openhcl.adapter.rig({ ...settings, defect: "none" }, seed),
};

async function hunted(defect: Defect, adapter: Adapter): Promise<Finding> {
  const pairs = pairsOf(space, defect, () => undefined);
  const hunt = new DefectHunt({ adapter, space, expectations, seed: 1, ...bound }, pairs);
  for await (const finding of hunt.findings()) if (finding !== null) return finding;
  throw new Error(`no condition for ${defect.name}`);
}

for (const defect of defects) {
  test(`defect ${defect.name} is caught`, { timeout: 60_000 }, async () => {
    const { caught, catches } = await hunted(defect, openhcl.adapter);
    const reasons = catches.map(({ scenario, reason }) => `${scenario}: ${reason}`);
    assert.ok(caught, `nothing names ${defect.cause}; noticed:\n${reasons.join("\n")}`);
    for (const field of defect.fields.length > 1 ? defect.fields : []) {
      const there = await hunted({ ...defect, fields: [field] }, openhcl.adapter);
      assert.ok(there.caught, `nothing names it in the field ${JSON.stringify(field)}`);
    }
    const without = await hunted(defect, stuck);
    assert.equal(without.caught, defect.known !== undefined, "caught by a switch that is stuck");
  });
}

test("SIGNS are of defects that there are", () => {
  assert.deepEqual(Object.keys(SIGNS).sort(), defects.map(({ name }) => name).sort());
});

test("Sign.known names an expectation", () => {
  const names = expectations.map(({ name }) => name);
  for (const { known } of defects) assert.ok(known === undefined || names.includes(known), known);
});

test("README.md has a row for each defect, and for no other", () => {
  const text = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  const [, table = ""] = text.split(/<!-- \/?defects -->/);
  const rows = [...table.matchAll(/^\| `([^`]+)` \| \[[^\]]+\]\(([^)]+)\) \|/gm)];
  assert.deepEqual(
    rows.map(([, name, link]) => [name, link]),
    defects.map(({ name, link }) => [name, link]),
  );
});
