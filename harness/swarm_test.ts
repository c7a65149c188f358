import assert from "node:assert/strict";
import { test } from "node:test";
import { constraint } from "./axis.ts";
import { conditionName } from "./condition_name.ts";
import { counterSpace } from "./counter_machine.ts";
import { growingSpace } from "./growing_space.ts";
import { brokenBy } from "./space_rules.ts";
import { swarm } from "./swarm.ts";

const SPACE = growingSpace({
  release: 1,
  mode: 1,
  extra: 1,
  device: 1,
  fault: 1,
  point: 1,
  salts: [1, 2, 3],
});

function names(seed: number, count: number): string[] {
  return [...swarm(SPACE, seed, count)].map((condition) => conditionName(condition, SPACE.axes));
}

test("swarm draws conditions that can happen, of two to five hops", () => {
  const conditions = [...swarm(SPACE, 1, 500)];
  assert.equal(conditions.length, 500);
  for (const condition of conditions) assert.equal(brokenBy(SPACE, condition), undefined);
  assert.deepEqual(new Set(conditions.map(({ path }) => path.length)), new Set([2, 3, 4, 5]));
});

test("swarm draws every value, neutral ones in about half of the conditions, and no defect", () => {
  const conditions = [...swarm(SPACE, 1, 500)];
  for (const { name, per, values, neutral, onDemand } of SPACE.axes) {
    if (per === "hop") continue;
    const drawn = conditions.flatMap(({ settings }) => (settings[name] ?? "").split(">"));
    if (onDemand) assert.ok(drawn.every((value) => value === neutral));
    else assert.deepEqual(new Set(drawn), new Set(values));
    if (neutral === undefined || onDemand) continue;
    const quiet = drawn.filter((value) => value === neutral).length / drawn.length;
    assert.ok(quiet > 0.4 && quiet < 0.8, `${name} is neutral in ${quiet}`);
  }
  const requests = conditions.map(({ settings }) => settings.request ?? "");
  assert.ok(requests.some((request) => request.includes(">")));
});

test("swarm repeats itself, a longer one goes on, and another seed draws others", () => {
  const few = names(1, 50);
  assert.deepEqual(names(1, 50), few);
  assert.deepEqual(names(1, 80).slice(0, 50), few);
  const others = names(2, 50);
  assert.ok(others.filter((name) => few.includes(name)).length < 10);
});

test("swarm draws the same on every runtime", () => {
  assert.deepEqual(names(7, 3), [
    "sample@1[up,on]>3[up,on]>1[up]>3[up] request=keep>none>none devices=disk",
    "sample@1[up,on]>1[up,on] request=none devices=disk fault=net:drop",
    "sample@1[up,on]>1[up] request=none devices=none fault=disk:drop",
  ]);
});

test("swarm gives up where nothing can happen", () => {
  const never = constraint({
    name: "never",
    reason: "Nothing can",
    over: ["size"],
    allows: () => false,
  });
  assert.throws(() => [...swarm({ ...counterSpace, constraints: [never] }, 1, 1)], {
    name: "RangeError",
    message:
      "Cannot draw a condition as the constraints must allow one in 100000: current value is none",
  });
});
