import assert from "node:assert/strict";
import { test } from "node:test";
import { openhcl } from "../harness/implementations/openhcl.ts";
import { planOf } from "../harness/plan.ts";
import { bindOracles, bindScenarios } from "../harness/program.ts";
import { Run } from "../harness/run.ts";
import { DROPPED_QUEUE } from "./known/openhcl_dropped_queue.ts";

const POINTS = openhcl.space.axes.find(({ name }) => name === "point")?.values ?? [];

/** What surprises when 2505 cannot save a queue at `point`, and who foresaw the rest. */
async function seenAt(point: string, expectations = openhcl.expectations) {
  const { adapter, space, suites, oracles } = openhcl;
  const at = point === "idle" ? "" : ` point=${point}`;
  const hop = "2505[host,privatepool]";
  const plan = planOf(
    space,
    `openhcl@${hop}>${hop} devices=nvme request=nvme${at} fault=queue:unsavable:save`,
  );
  const bound = { scenarios: bindScenarios(suites), oracles: bindOracles(oracles) };
  const run = new Run({ adapter, space, expectations, seed: 1, plan, selection: [], ...bound });
  const seen = { surprises: [] as string[], expected: [] as string[] };
  for await (const { cells } of run.results()) {
    for (const { scenario, reason, surprise, expected } of cells) {
      if (surprise !== undefined) seen.surprises.push(`${point}: ${scenario} ${reason}`);
      if (expected !== undefined) seen.expected.push(expected);
    }
  }
  return seen;
}

test("DROPPED_QUEUE foresees what a queue left out brings about at every point", async () => {
  assert.ok(POINTS.length > 0);
  const expected = new Set<string>();
  for (const point of POINTS) {
    const seen = await seenAt(point);
    assert.deepEqual(seen.surprises, []);
    for (const name of seen.expected) expected.add(name);
  }
  for (const name of ["dropped-only-queue-panics", "dropped-queue-goes-to-another"]) {
    assert.ok(expected.has(name), name);
  }
});

test("DROPPED_QUEUE is what foresees it", async () => {
  const others = openhcl.expectations.filter((entry) => !DROPPED_QUEUE.includes(entry));
  const { surprises } = await seenAt("unload:sent", others);
  const crash = "restore crashed (unable to find an io issuer for fallback)";
  assert.ok(surprises.includes(`unload:sent: oracle/fair-outcome ${crash}, fair is done`));
});
