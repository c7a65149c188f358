import assert from "node:assert/strict";
import { test } from "node:test";
import type { Axis, Space } from "./axis.ts";
import { counterSpace } from "./counter_machine.ts";
import { growingSpace } from "./growing_space.ts";
import { checkSpace } from "./space_check.ts";

const AXIS: Axis = { name: "point", per: "path", values: ["idle", "busy"], meaning: "" };

function withAxis(change: Partial<Axis>): Space {
  return { ...counterSpace, axes: [...counterSpace.axes, { ...AXIS, ...change }] };
}

test("checkSpace accepts spaces with everything that there can be", () => {
  checkSpace(counterSpace);
  const editions = { release: 2, mode: 3, extra: 2, device: 2, fault: 3, point: 2 };
  checkSpace(growingSpace({ ...editions, salts: [1] }));
});

for (const [what, space] of [
  ["release must be well formed: current value is a b", { ...counterSpace, releases: ["a b"] }],
  ["value of point must be well formed: current value is a>b", withAxis({ values: ["a>b"] })],
  ["value of point must be well formed: current value is ", withAxis({ values: [""] })],
  ["neutral of point must be well formed: current value is off", withAxis({ neutral: "off" })],
  ["neutral of point must be well formed: current value is absent", withAxis({ reserved: true })],
  ["neutral of point must be well formed: current value is absent", withAxis({ edition: 2 })],
  ["neutral of point must be well formed: current value is absent", withAxis({ onDemand: true })],
  ["neutral of point must be well formed: current value is absent", withAxis({ onlyFirst: true })],
  [
    "value of point must be well formed: current value is busy",
    withAxis({ neutral: "idle", parts: ["place", "kind"] }),
  ],
  [
    "edition of point must be well formed: current value is late",
    withAxis({ editions: { late: 2 } }),
  ],
  [
    "edition of point must be well formed: current value is idle",
    withAxis({ neutral: "idle", editions: { idle: 2 } }),
  ],
  [
    "retired value of point must be well formed: current value is busy",
    withAxis({ retired: [{ value: "busy", after: "idle", edition: 2 }] }),
  ],
  [
    "place of retired late must be well formed: current value is early",
    withAxis({ retired: [{ value: "late", after: "early", edition: 2 }] }),
  ],
  [
    "configuration must be well formed: current value is 1[up]",
    { ...counterSpace, configurations: [{ mode: "up" }, { mode: "up" }] },
  ],
  ["family must be well formed: current value is 9", { ...counterSpace, families: [["9"]] }],
  [
    "slice large value must be well formed: current value is huge",
    { ...counterSpace, slices: [{ name: "large", values: { size: ["huge"] } }] },
  ],
] as const satisfies readonly (readonly [string, Space])[]) {
  test(`checkSpace refuses: ${what}`, () => {
    assert.throws(() => checkSpace(space), { message: `Cannot plan space as ${what}` });
  });
}
