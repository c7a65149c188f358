import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { keepsCount } from "../counter_claim.ts";
import { counterAdapter, counterSpace } from "../counter_machine.ts";
import { makePlan } from "../plan.ts";
import { bindScenarios } from "../program.ts";
import { Run } from "../run.ts";
import { suite } from "../scenario.ts";
import { Selection, STRENGTH } from "../selection.ts";
import { evenly, type SampleInput, sample } from "./sample.ts";

function inputOf(passes: number, step: (calls: number) => number): SampleInput {
  const scenarios = bindScenarios([suite("counter", [keepsCount])]);
  const bound = { space: counterSpace, scenarios, oracles: [], seed: 1 };
  const choice = { strength: STRENGTH, conditions: 1, where: {}, patterns: [], parts: ["pairs"] };
  const plan = makePlan(bound, new Selection(choice));
  let calls = 0;
  let clock = 0;
  return {
    adapter: counterAdapter(),
    async *run(adapter, planned) {
      await using walk = new Run({ ...bound, adapter, expectations: [], plan }).walk();
      yield* walk.along(planned);
    },
    planned: [...plan.conditions()].slice(0, 2),
    passes,
    decode: ({ bytes }) => bytes.length,
    now: () => {
      clock += step(calls++);
      return clock;
    },
  };
}

test("sample() measures the octets of each condition and the time of each verb", async () => {
  const metrics = await sample(inputOf(1, () => 1));
  const exact = metrics.filter((each) => each.class === "exact");
  assertEquals(exact.length, 2);
  assert(
    exact.every(({ metric, unit, value }) => /^saved /.test(metric) && unit === "B" && value > 0),
  );
  const timed = metrics.filter((each) => each.class === "timed");
  assertEquals(
    timed.map(({ metric }) => metric),
    ["all", "start", "save", "restore", "decode"],
  );
  // Each verb asks the clock twice, so that a call takes one tick; there are two conditions.
  assertEquals(
    timed.slice(1, 4).map(({ value }) => value),
    [2, 2, 2],
  );
});

test("sample() takes the best of all passes", async () => {
  let calls = 0;
  const count = await sample(inputOf(1, () => ++calls / calls));
  const slowFirst = inputOf(2, (call) => (call < calls ? 100 : 1));
  assertEquals((await sample(slowFirst)).at(-2), count.at(-2));
});

test("evenly() takes the first of as many shares", () => {
  assertEquals(evenly([1, 2, 3, 4, 5, 6], 3), [1, 3, 5]);
  assertEquals(evenly([1, 2], 3), [1, 2]);
});
