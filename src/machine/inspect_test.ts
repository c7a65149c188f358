import assert from "node:assert/strict";
import { test } from "node:test";
import { inspectAt } from "./inspect.ts";

const TREE = { nvme: { devices: { "c05b:00:00.0": { io: [{ qid: 1 }, { qid: 2 }] } } }, up: true };

test("inspectAt() follows names and indices", () => {
  assert.equal(inspectAt(TREE, "nvme/devices/c05b:00:00.0/io/1/qid"), 2);
  assert.equal(inspectAt(TREE, "/up/"), true);
  assert.equal(inspectAt(TREE, ""), TREE);
});

test("inspectAt() answers undefined where there is nothing", () => {
  for (const path of ["nvme/none", "up/deeper", "nvme/devices/c05b:00:00.0/io/7", "toString"]) {
    assert.equal(inspectAt(TREE, path), undefined);
  }
});
