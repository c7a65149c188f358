import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionName, conditionNamed } from "./condition_name.ts";
import { growingSpace } from "./growing_space.ts";
import { swarm } from "./swarm.ts";

const SPACE = growingSpace({
  release: 1,
  mode: 1,
  extra: 2,
  device: 1,
  fault: 1,
  point: 1,
  salts: [],
});

test("conditionName leaves out neutral values, those of hops too", () => {
  const names = [...swarm(SPACE, 1, 200)].map((condition) => conditionName(condition, SPACE.axes));
  assert.ok(names.every((name) => !/off|fault=none|idle|defect/.test(name)));
  assert.ok(names.some((name) => /\[up,on\].*\[up\]/.test(name)));
  assert.ok(names.every((name) => / request=.* devices=/.test(name)));
});

test("conditionNamed reads back the name of every condition, with all settings", () => {
  for (const condition of swarm(SPACE, 2, 500)) {
    const read = conditionNamed(SPACE, conditionName(condition, SPACE.axes));
    assert.deepEqual(read, condition);
    assert.deepEqual(Object.keys(read.settings), Object.keys(condition.settings));
    assert.ok(read.path.every((hop, at) => hop === condition.path[at]));
  }
});

test("conditionNamed says what is wrong with a name", () => {
  for (const [name, reason] of [
    ["2[up]>1[up] request=none devices=none", "it must be of sample: current value is 2[up]>1[up]"],
    ["other@2[up]>1[up]", "it must be of sample: current value is other@2[up]>1[up]"],
    ["sample@2[up]", "its path must have two hops or more: current value is sample@2[up]"],
    ["sample@2[up]>4[up]", "release must be one of 1, 2, 3: current value is 4"],
    [
      "sample@2[up]>1[left]",
      "hop must be one of 1[up], 1[down], 1[still], 1[up,on]: current value is 1[left]",
    ],
    ["sample@2[up]>1", "hop must be one of 1[up], 1[down], 1[still], 1[up,on]: current value is 1"],
    ["sample@2[up]>1[up] request=none", "devices must be given: current value is none"],
    [
      "sample@2[up]>1[up] request=none devices=tape",
      "value of devices must be one of none, disk, net: current value is tape",
    ],
    [
      "sample@2[up]>1[up] request=none>keep devices=none",
      "request must have one value, or one for each save: current value is none>keep",
    ],
    [
      "sample@2[up]>1[up] colour=red",
      "axis must be one of request, devices, fault, point, defect: current value is colour",
    ],
    [
      "sample@2[up]>1[up] devices=none request=none",
      "its name must be sample@2[up]>1[up] request=none devices=none: " +
        "current value is sample@2[up]>1[up] devices=none request=none",
    ],
    [
      "sample@2[up]>1[up]>1[up] request=none>none devices=none",
      "its name must be sample@2[up]>1[up]>1[up] request=none devices=none: " +
        "current value is sample@2[up]>1[up]>1[up] request=none>none devices=none",
    ],
    [
      "sample@2[up]>1[up] request=none devices=none point=idle",
      "its name must be sample@2[up]>1[up] request=none devices=none: " +
        "current value is sample@2[up]>1[up] request=none devices=none point=idle",
    ],
  ] as const) {
    assert.throws(() => conditionNamed(SPACE, name), {
      name: "RangeError",
      message: `Cannot find condition as ${reason}`,
    });
  }
});
