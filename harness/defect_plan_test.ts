import assert from "node:assert/strict";
import { test } from "node:test";
import type { Defect, Field } from "./defect.ts";
import { pairsOf } from "./defect_plan.ts";
import { counterDefects, defectiveSpace } from "./defective_counter.ts";

const [FORGETS] = counterDefects as [Defect];

function namesOf(...fields: readonly Field[]): string[] {
  const pairs = pairsOf(defectiveSpace, { ...FORGETS, fields }, () => undefined);
  return pairs.map(({ seeded }) => seeded.name);
}

test("pairsOf() crosses releases and values, the same one sound and with the defect", () => {
  const pairs = pairsOf(defectiveSpace, FORGETS, () => undefined);
  assert.equal(pairs.length, 18);
  for (const { sound, seeded, defect } of pairs) {
    assert.equal(defect, FORGETS);
    assert.equal(seeded.name, `${sound.name} defect=forgets`);
    assert.equal(sound.condition.settings.defect, "none");
  }
});

test("pairsOf() has each condition once, and none that cannot be", () => {
  const field = { writers: ["2"], readers: ["3"] };
  assert.deepEqual(namesOf(field, field), ["counter@2[up]>3[up] size=small defect=forgets"]);
  const turns = { writers: ["1", "2"], readers: ["3"], hops: [{ mode: "up" }, { mode: "down" }] };
  assert.deepEqual(namesOf(turns), ["counter@2[up]>3[down] size=small defect=forgets"]);
});

test("pairsOf() goes on to further hops of the reader", () => {
  const field = { writers: ["2"], readers: ["3"], hops: [{ mode: "down" }, {}, {}] };
  assert.deepEqual(namesOf(field), ["counter@2[down]>3[up]>3[up] size=small defect=forgets"]);
});

test("pairsOf() refuses inputs that no configuration has", () => {
  assert.throws(() => namesOf({ hops: [{ mode: "sideways" }, {}] }), {
    message:
      "Cannot look for defect as some configuration must have the inputs of its field: " +
      'current value is {"mode":"sideways"}',
  });
});

test("pairsOf() refuses values that an axis does not have", () => {
  assert.throws(() => namesOf({ values: { size: ["small", "huge"] } }), {
    message:
      "Cannot look for defect as size must have the values of its field: current value is huge",
  });
});

test("pairsOf() lets patterns narrow who judges", () => {
  const [pair] = pairsOf(defectiveSpace, FORGETS, (name) => (id) => `${id} ${name}`.includes("2["));
  assert.equal(pair?.sound.selected?.("any"), false);
});
