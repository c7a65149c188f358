import { test } from "node:test";
import { assert, assertEquals, assertRejects } from "@std/assert";
import { keepsCount } from "../counter_claim.ts";
import { counterAdapter, counterSpace } from "../counter_machine.ts";
import { makePlan } from "../plan.ts";
import { bindScenarios } from "../program.ts";
import { Run } from "../run.ts";
import { suite } from "../scenario.ts";
import { Selection, STRENGTH } from "../selection.ts";
import { ClockError } from "./clock_error.ts";
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
    open(adapter) {
      const run = new Run({ ...bound, adapter, expectations: [], plan });
      return async function* (one) {
        await using walk = run.walk();
        yield* walk.along([one]);
      };
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

test("sample() is slower in all verbs when it is told so", async () => {
  const tick = 0.001;
  const [usual, slower] = [
    await sample(inputOf(1, () => tick)),
    await sample({ ...inputOf(1, () => tick), slower: 9 }),
  ];
  for (const verb of ["start", "save", "restore", "decode"]) {
    const [a, b] = [usual, slower].map((of) => of.find(({ metric }) => metric === verb)?.value);
    assert((b ?? 0) >= 9 * (a ?? 1), `${verb}: ${a}, then ${b}`);
  }
});

test("sample() takes the best pass of each condition by itself", async () => {
  const metricsOf = async (slow: (call: number) => boolean) =>
    await sample(inputOf(2, (call) => (slow(call) ? 100 : 1)));
  let calls = 0;
  const usual = await metricsOf(() => ++calls < 0);
  // The first half of the first pass and the second half of the second one.
  const [quarter, half] = [calls >> 2, calls >> 1];
  const odd = (call: number) => call < quarter - 1 || call > half + quarter + 1;
  assertEquals((await metricsOf(odd)).at(-1), usual.at(-1));
});

test("sample() refuses a clock that goes backwards", async () => {
  let calls = 0;
  const backwards = sample(inputOf(1, () => (++calls % 2 === 0 ? -5 : 1)));
  await assertRejects(() => backwards, ClockError, "as clocks must not go back");
});

test("evenly() takes the middle of each of as many shares", () => {
  assertEquals(evenly([1, 2, 3, 4, 5, 6, 7, 8, 9], 3), [2, 5, 8]);
  assertEquals(evenly([1, 2, 3, 4], 1), [3]);
  assertEquals(evenly([1, 2], 3), [1, 2]);
});
