import assert from "node:assert/strict";
import { test } from "node:test";
import type { Adapter } from "./adapter.ts";
import { keepsCount } from "./counter_claim.ts";
import { counterAdapter, counterSpace, type Ledger } from "./counter_machine.ts";
import type { Expectation } from "./expectation.ts";
import { makePlan } from "./plan.ts";
import { bindScenarios } from "./program.ts";
import type { ConditionResult } from "./report.ts";
import { Run } from "./run.ts";
import { suite } from "./scenario.ts";
import { Selection } from "./selection.ts";

/** Runs the whole plan of the counter with an adapter. */
async function run(
  adapter: Adapter,
  expectations: readonly Expectation[] = [],
): Promise<{ results: ConditionResult[]; run: Run }> {
  const scenarios = bindScenarios([suite("counter", [keepsCount])]);
  const common = { space: counterSpace, scenarios, oracles: [], seed: 1 };
  const selection = new Selection({ patterns: [] });
  const plan = makePlan(common, selection);
  const whole = new Run({ ...common, adapter, plan, expectations });
  const results: ConditionResult[] = [];
  for await (const result of whole.results()) results.push(result);
  return { results, run: whole };
}

/** The counter, with rigs that take their time, each another one. */
function slow(rigsAtOnce: number, waits = false): { adapter: Adapter; most: () => number } {
  const ledger: Ledger = { started: 0, disposed: 0, correlationIds: [] };
  const counter = counterAdapter("none", ledger);
  let [most, alive, count] = [0, 0, 0];
  const adapter: Adapter = {
    ...counter,
    rigsAtOnce,
    async rig(settings, seed) {
      const rig = await counter.rig(settings, seed);
      const own = count++;
      most = Math.max(most, ++alive);
      for (let turn = 0; turn < own % 5; turn++) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      const dispose = rig[Symbol.asyncDispose].bind(rig);
      return Object.assign(rig, {
        waited: () => waits && own === 0,
        [Symbol.asyncDispose]: async () => {
          alive--;
          await dispose();
        },
      });
    },
  };
  return { adapter, most: () => most };
}

test("Walk gives the same results in the same order with rigs side by side", async () => {
  const alone = await run(counterAdapter());
  const { adapter, most } = slow(4);
  const together = await run(adapter);
  assert.deepEqual(together.results, alone.results);
  assert.deepEqual(together.run.end(), alone.run.end());
  assert.equal(most(), 4);
});

test("Walk tells an adapter with rigs side by side what comes soon", async () => {
  const { adapter } = slow(2);
  const begun: number[] = [];
  let soon = 0;
  const { results } = await run({
    ...adapter,
    soon: () => {
      soon++;
    },
    rig(settings, seed) {
      begun.push(soon);
      return adapter.rig(settings, seed);
    },
  });
  assert.equal(soon, results.length);
  assert.ok(Math.min(...begun) > 2, "it is told of more than what is begun");
});

test("Run takes no expectation for stale that is about releases which are not there", async () => {
  const entry = (name: string, writer: string, reader: string): Expectation => {
    const factors = { writer, reader };
    return { name, factors, verdict: "failed", reason: "", link: "https://example.com", note: "" };
  };
  const expectations = [entry("about-3", "2", "3"), entry("about-2", "2", "2")];
  const absent = (release: string) => (release === "3" ? "nobody has it" : undefined);
  const counter = counterAdapter();
  const lacking: Adapter = {
    ...counter,
    absent,
    capabilities: (hop, settings) =>
      absent(hop.release) === undefined ? counter.capabilities(hop, settings) : new Set(),
  };
  const stale = (adapter: Adapter) => run(adapter, expectations).then((ran) => ran.run.end().stale);
  assert.deepEqual(await stale(counter), ["about-3", "about-2"]);
  assert.deepEqual(await stale(lacking), ["about-2"]);
  const { results } = await run(lacking);
  const reasons = new Set(results.flatMap(({ cells }) => cells.map(({ reason }) => reason)));
  assert.ok(reasons.has("3 cannot be started: nobody has it"));
});

test("Run.end() counts apart what waited for a deadline", async () => {
  const { adapter } = slow(2, true);
  const { results, run: whole } = await run(adapter);
  assert.equal(results.filter(({ waited }) => waited).length, 1);
  assert.deepEqual(whole.end().waited, { conditions: 1, cells: 1 });
  assert.equal((await run(counterAdapter())).run.end().waited, undefined);
});
