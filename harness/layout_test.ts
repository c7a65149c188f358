import assert from "node:assert/strict";
import { test } from "node:test";
import { constraint, type Space } from "./axis.ts";
import { conditionName } from "./condition_name.ts";
import { counterSpace } from "./counter_machine.ts";
import { coveringRows } from "./covering/covering_rows.ts";
import { layoutOf } from "./layout.ts";

const all = { varies: () => true };

/** Requests at each save, and a fault that only strikes where the writer counts down. */
const SPACE: Space = {
  ...counterSpace,
  axes: [
    ...counterSpace.axes,
    { name: "request", per: "save", values: ["none", "keep"], meaning: "What the host asks for" },
  ],
  constraints: [
    constraint({
      name: "down",
      reason: "Only counting down can fail",
      over: ["fault", "writer.mode"],
      allows: (factors) => factors.fault === "none" || factors["writer.mode"] === "down",
    }),
  ],
};

/** Names of conditions that cover all pairs of a layout of three hops. */
function names(space: Space): string[] {
  const { dimensions, rules, conditionOf } = layoutOf(space, { hops: 3, ...all });
  const rows = coveringRows(dimensions, rules, 2);
  return rows.map((row) => conditionName(conditionOf(row), space.axes));
}

test("layoutOf gives each save of a path its own value of an axis per save", () => {
  const requests = new Set(names(SPACE).map((name) => / request=(\S+)/.exec(name)?.[1]));
  assert.deepEqual(requests, new Set(["none", "keep", "none>keep", "keep>none"]));
});

test("layoutOf applies constraints edge by edge, where a value holds", () => {
  const struck = names(SPACE).filter((name) => name.includes("fault="));
  assert.ok(struck.length > 0);
  // The fault is only there at the first save, so the second writer may count up.
  assert.ok(struck.every((name) => /^counter@.\[down\]/.test(name)));
  assert.ok(struck.some((name) => /^counter@.\[down\]>.\[up\]/.test(name)));
});

test("layoutOf has levels for what varies, for each part of values, and for nothing else", () => {
  // Three releases and two modes on each side, two sizes, five faults, two requests.
  assert.equal(layoutOf(SPACE, { hops: 2, ...all }).levels, 2 * (3 + 2) + 2 + 5 + 2);
  const quiet = layoutOf(SPACE, { hops: 2, varies: ({ name }) => name !== "fault" });
  assert.equal(quiet.levels, 2 * (3 + 2) + 2 + 2);
  const pinned = layoutOf(SPACE, { hops: 2, ...all, pins: new Map([[0, [1]]]) });
  assert.equal(pinned.levels, 2 + (3 + 2) + 2 + 5 + 2);
  const fault = {
    name: "fault",
    per: "path",
    values: ["none", "disk:drop:late", "disk:drop:soon"],
    neutral: "none",
    parts: ["place", "kind", "time"],
    meaning: "",
  } as const;
  const parted = layoutOf({ ...SPACE, axes: [fault], constraints: [] }, { hops: 2, ...all });
  assert.deepEqual(parted.dimensions.at(-1)?.levels, [
    [10, 12, 14],
    [11, 13, 15],
    [11, 13, 16],
  ]);
});

test("layoutOf shares hops, and writes settings in the order of the axes", () => {
  const { dimensions, conditionOf } = layoutOf(SPACE, { hops: 2, ...all });
  const row = dimensions.map(() => 0);
  const [one, other] = [conditionOf(row), conditionOf(row)];
  assert.equal(one.path[0], other.path[0]);
  assert.deepEqual(Object.keys(one.settings), ["size", "fault", "request"]);
});

test("layoutOf refuses a constraint over what is no factor of an edge", () => {
  const odd = constraint({ name: "odd", reason: "", over: ["first"], allows: () => true });
  assert.throws(() => layoutOf({ ...SPACE, constraints: [odd] }, { hops: 2, ...all }), {
    message:
      "Cannot apply constraint odd as it must be over factors of an edge: current value is first",
  });
});
