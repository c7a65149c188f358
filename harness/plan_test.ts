import assert from "node:assert/strict";
import { test } from "node:test";
import { constraint, type Space } from "./axis.ts";
import { counterSpace } from "./counter_machine.ts";
import { growingSpace } from "./growing_space.ts";
import type { Oracle } from "./oracle.ts";
import { makePlan, type Plan, planOf } from "./plan.ts";
import { bindOracles, bindScenarios } from "./program.ts";
import { type Scenario, scenario, suite } from "./scenario.ts";
import { type Choice, Selection } from "./selection.ts";
import { brokenBy } from "./space_rules.ts";

const CLAIM = { must: "A claim", source: "counter manual, 1", needs: [] };

const steady = scenario({ ...CLAIM, name: "steady", after() {} });
const failing = scenario({
  ...CLAIM,
  name: "failing",
  when: { fault: "save-fail", size: "large" },
  after() {},
});
const GROWTH = { release: 1, mode: 1, extra: 1, device: 1, fault: 1, point: 1 };
const oracle: Oracle = { ...CLAIM, name: "watch", judge() {} };

function plan(choice: Choice = {}, scenarios: readonly Scenario[] = [steady, failing]): Plan {
  const input = {
    space: counterSpace,
    scenarios: bindScenarios([suite("s", scenarios)]),
    oracles: bindOracles([oracle]),
    seed: 1,
  };
  return makePlan(input, new Selection(choice));
}

function names(of: Plan): string[] {
  return [...of.conditions()].map(({ name }) => name);
}

/** Counted by hand: 3 x 3 releases x 2 x 2 modes x 2 sizes, less the ones that change mode on 1. */
const PAIRS = 72 - 5 * 2 * 2;

test("makePlan crosses releases, configurations and path axes at their neutral value", () => {
  const pairs = plan({ parts: ["pairs"] });
  assert.equal(pairs.planned, PAIRS);
  assert.equal(new Set(names(pairs)).size, PAIRS);
  assert.equal(names(pairs)[0], "counter@1[up]>1[up] size=small");
  assert.ok(names(pairs).every((name) => !name.includes("fault")));
});

test("makePlan counts what a constraint removes, with its reason", () => {
  assert.deepEqual(plan({ parts: ["pairs"] }).pruned, [
    { name: "one-way", reason: "Release 1 cannot change the direction", count: 72 - PAIRS },
  ]);
});

test("makePlan plans a value that is not neutral only where a scenario wants it", () => {
  const faults = plan({ parts: ["faults"] });
  // Each release pair, in the first configuration.
  assert.equal(faults.planned, 9);
  assert.ok(names(faults).every((name) => /@.\[up\]>.\[up\] /.test(name)));
  assert.ok(names(faults).every((name) => name.endsWith("size=large fault=save-fail")));
  assert.equal(plan({ parts: ["faults"] }, [steady]).planned, 0);
});

test("makePlan crosses a slice between the configurations that it names", () => {
  const [up = {}, down = {}] = counterSpace.configurations;
  const turns: Space = {
    ...counterSpace,
    slices: [{ name: "turns", values: { size: ["large"] }, between: [[up, down]] }],
  };
  const input = { space: turns, scenarios: bindScenarios([suite("s", [steady])]), oracles: [] };
  const found = names(makePlan({ ...input, seed: 1 }, new Selection({ parts: ["turns"] })));
  assert.ok(found.every((name) => /@.\[up\]>.\[down\] size=large$/.test(name)));
  assert.equal(found.length, 4, "release 1 cannot change the direction");
});

test("makePlan crosses a slice of three hops with every path of releases", () => {
  const slices = [{ name: "long", hops: 3, values: { size: ["large"] } }] as const;
  const space: Space = { ...counterSpace, slices };
  const input = { space, scenarios: bindScenarios([suite("s", [steady])]), oracles: [] };
  const found = names(makePlan({ ...input, seed: 1 }, new Selection({ parts: ["long"] })));
  assert.equal(found.length, counterSpace.releases.length ** 3);
  assert.ok(found.every((name) => name.split(">").length === 3 && name.endsWith("size=large")));
});

test("makePlan keeps configurations that are not neutral out of the core grid", () => {
  const space = growingSpace({ ...GROWTH, salts: [] });
  const input = { space, scenarios: [], oracles: bindOracles([oracle]), seed: 1 };
  for (const parts of [["pairs"], ["triples"], ["ping-pong"]]) {
    const found = names(makePlan(input, new Selection({ parts })));
    assert.ok(found.length > 0 && found.every((name) => !name.includes(",on")), parts[0]);
  }
});

test("makePlan goes there and back for every pair of releases, every mode pair that can be", () => {
  const paths = [...plan({ parts: ["ping-pong"] }).conditions()].map(({ condition }) => condition);
  const routes = new Set(paths.map(({ path }) => path.map(({ release }) => release).join("")));
  assert.deepEqual([...routes].sort(), ["121", "131", "212", "232", "313", "323"]);
  for (const route of ["232", "323"]) {
    const modes = paths
      .filter(({ path }) => path.map(({ release }) => release).join("") === route)
      .map(({ path }) => path.map(({ inputs }) => inputs.mode).join(">"));
    assert.deepEqual([...new Set(modes)].sort(), [
      "down>down>down",
      "down>up>down",
      "up>down>up",
      "up>up>up",
    ]);
  }
});

test("makePlan visits every triple of releases, and each pair of factors somewhere", () => {
  const conditions = [...plan({ parts: ["triples"] }).conditions()];
  assert.equal(new Set(conditions.map(({ name }) => name)).size, conditions.length);
  const triples = conditions.map(({ condition: { path } }) => path.map(({ release }) => release));
  assert.equal(new Set(triples.map((triple) => triple.join(""))).size, 27);
  const changes = conditions.map(({ condition: { path } }) => path.map((hop) => hop.inputs.mode));
  for (const [first, second] of [
    [0, 1],
    [1, 2],
    [0, 2],
  ] as const) {
    const pairs = changes.map((modes) => `${modes[first]}>${modes[second]}`);
    assert.deepEqual([...new Set(pairs)].sort(), ["down>down", "down>up", "up>down", "up>up"]);
  }
});

test("makePlan never plans what a constraint forbids, and repeats itself exactly", () => {
  const all = [...plan().conditions()];
  assert.ok(all.every(({ condition }) => brokenBy(counterSpace, condition) === undefined));
  assert.deepEqual(names(plan()), names(plan()));
  assert.equal(all.length, plan().planned);
  assert.deepEqual(
    plan().parts.map(({ name }) => name),
    ["pairs", "faults", "cover", "ping-pong", "triples"],
  );
});

test("makePlan plans each condition once, in the first part that has it", () => {
  const all = names(plan());
  assert.equal(new Set(all).size, all.length);
  const alone = plan({ parts: ["cover"] }).planned;
  const counts = new Map(plan().parts.map(({ name, count }) => [name, count]));
  assert.ok((counts.get("cover") ?? 0) < alone, "some rows of cover are in the core grid");
});

test("makePlan takes configurations that the constraints allow for faults and slices", () => {
  const slices = [{ name: "large", values: { size: ["large"] } }];
  const never = constraint({
    name: "down-when-large",
    reason: "A large counter only counts down",
    over: ["size", "writer.mode"],
    allows: (factors) => factors.size !== "large" || factors["writer.mode"] === "down",
  });
  const space = { ...counterSpace, slices, constraints: [never] };
  const input = { space, scenarios: bindScenarios([suite("s", [failing])]), oracles: [], seed: 1 };
  const faults = makePlan(input, new Selection({ parts: ["faults"] }));
  assert.equal(faults.planned, 9);
  assert.ok(names(faults).every((name) => /@.\[down\]>.\[down\] size=large /.test(name)));
  assert.deepEqual(faults.pruned, []);
  const oracles = bindOracles([oracle]);
  const large = makePlan({ ...input, oracles }, new Selection({ parts: ["large"] }));
  assert.deepEqual(large.parts, [{ name: "large", count: 9 }]);
});

test("makePlan leaves out a slice that only runs when it is asked for", () => {
  const slices = [{ name: "large", onDemand: true, values: { size: ["large"] } }] as const;
  const space = { ...counterSpace, slices };
  const input = { space, scenarios: bindScenarios([suite("s", [steady])]), oracles: [], seed: 1 };
  const partsIn = (choice: Choice) => {
    return makePlan(input, new Selection(choice)).parts.map(({ name }) => name);
  };
  assert.ok(!partsIn({}).includes("large"));
  assert.deepEqual(partsIn({ parts: ["large"] }), ["large"]);
});

test("makePlan counts a slice that no configuration allows", () => {
  const slices = [{ name: "large", values: { size: ["large"] } }];
  const never = constraint({
    name: "small",
    reason: "Nothing is large",
    over: ["size"],
    allows: ({ size }) => size === "small",
  });
  const space = { ...counterSpace, slices, constraints: [never] };
  const input = { space, scenarios: [], oracles: bindOracles([oracle]), seed: 1 };
  const { planned, pruned } = makePlan(input, new Selection({ parts: ["large"] }));
  assert.equal(planned, 0);
  assert.deepEqual(pruned, [{ name: "small", reason: "Nothing is large", count: 9 }]);
});

test("planOf finds the one condition of a name, and refuses what cannot happen", () => {
  const name = "counter@2[up]>3[down] size=small";
  assert.deepEqual(names(planOf(counterSpace, name)), [name]);
  assert.throws(() => planOf(counterSpace, "counter@1[up]>3[down] size=small"), {
    message:
      "Cannot find condition as it must be possible (one-way): " +
      "current value is counter@1[up]>3[down] size=small",
  });
});

test("makePlan keeps conditions with an edge of the chosen factors", () => {
  const chosen = plan({ where: { writer: ["1", "2"], reader: ["3"], "reader.mode": ["down"] } });
  assert.ok(chosen.planned > 0);
  for (const { condition } of chosen.conditions()) {
    const { path } = condition;
    const edges = path.slice(1).map((hop, index) => [path[index]?.release, hop] as const);
    assert.ok(
      edges.some(
        ([writer, hop]) => writer !== "3" && hop.release === "3" && hop.inputs.mode === "down",
      ),
    );
  }
});

test("makePlan keeps conditions and cells whose names match a pattern", () => {
  const byCondition = plan({ parts: ["pairs"], patterns: ["*1[up]>2[up] *"] });
  assert.deepEqual(names(byCondition), [
    "counter@1[up]>2[up] size=small",
    "counter@1[up]>2[up] size=large",
  ]);
  const byScenario = plan({ parts: ["pairs", "faults"], patterns: ["s/failing"] });
  assert.equal(byScenario.planned, 9);
  const cell = "s/steady counter@1[up]>2[up] size=small";
  const [only, ...others] = plan({ patterns: [cell] }).conditions();
  assert.deepEqual(others, []);
  assert.deepEqual(
    ["s/steady", "s/failing", "oracle/watch"].map((id) => only?.selected?.(id)),
    [true, false, false],
  );
});

test("makePlan refuses a scenario that speaks of an unknown axis or value", () => {
  const odd = (when: Record<string, string>) =>
    scenario({ ...CLAIM, name: "odd", when, after() {} });
  assert.throws(() => plan({}, [odd({ fault: "flood" })]), {
    message:
      'Cannot plan scenario "s/odd" as when.fault must be one of none, save-fail, save-crash, ' +
      "restore-hang, start-crash: current value is flood",
  });
  assert.throws(() => plan({}, [odd({ colour: "red" })]), {
    message:
      'Cannot plan scenario "s/odd" as when.colour must be one of size, fault: ' +
      "current value is colour",
  });
});

test("makePlan streams a space too large to hold", () => {
  const values = Array.from({ length: 40 }, (_, index) => String(index));
  const axes = ["a", "b", "c"].map((name) => ({ name, per: "path", values, meaning: "" }) as const);
  const space: Space = { ...counterSpace, axes, configurations: [{}], constraints: [] };
  const narrow = { a: ["7"], b: ["0"], c: ["0"] };
  const input = { space, scenarios: bindScenarios([suite("s", [steady])]), oracles: [], seed: 1 };
  const found = makePlan(input, new Selection({ parts: ["pairs"], where: narrow }));
  assert.equal(found.planned, 9);
});
