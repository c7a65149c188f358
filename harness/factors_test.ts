import assert from "node:assert/strict";
import { test } from "node:test";
import { conditionNamed } from "./condition_name.ts";
import { factorsOf, factorValues } from "./factors.ts";
import { growingSpace } from "./growing_space.ts";

const SPACE = growingSpace({
  release: 1,
  mode: 1,
  extra: 1,
  device: 1,
  fault: 1,
  point: 1,
  salts: [],
});

const NAME =
  "sample@2[up]>1[up,on]>3[down] request=none>keep devices=disk fault=disk:delay point=busy";

test("factorsOf() names both sides of an edge, what is asked for there, and parts", () => {
  const condition = conditionNamed(SPACE, NAME);
  assert.deepEqual(factorsOf(condition, 0, SPACE.axes), {
    first: "2",
    writer: "2",
    "writer.mode": "up",
    "writer.extra": "off",
    reader: "1",
    "reader.mode": "up",
    "reader.extra": "on",
    request: "none",
    devices: "disk",
    fault: "disk:delay",
    "fault.place": "disk",
    "fault.kind": "delay",
    point: "busy",
    defect: "no",
  });
  const later = factorsOf(condition, 1, SPACE.axes);
  assert.deepEqual([later.first, later.writer, later.reader], ["2", "1", "3"]);
  assert.deepEqual([later.request, later.fault, later["fault.kind"]], ["keep", "none", "none"]);
});

test("factorsOf() refuses an edge that is not on the path", () => {
  const condition = conditionNamed(SPACE, NAME);
  assert.throws(() => factorsOf(condition, 2, SPACE.axes), {
    message: "Cannot name factors as edge must be on the path: current value is 2",
  });
});

test("factorValues() has every factor that factorsOf() names, with its values", () => {
  const values = factorValues(SPACE);
  const factors = factorsOf(conditionNamed(SPACE, NAME), 0, SPACE.axes);
  assert.deepEqual(new Set(values.keys()), new Set(Object.keys(factors)));
  for (const [factor, value] of Object.entries(factors)) {
    assert.ok(values.get(factor)?.includes(value), factor);
  }
  assert.deepEqual(values.get("fault.place"), ["none", "disk", "net"]);
});
