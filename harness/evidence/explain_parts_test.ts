import assert from "node:assert/strict";
import { test } from "node:test";
import { explain, type Factors, factorsText, type Weighed } from "./explain.ts";
import { explainParts } from "./explain_parts.ts";

const NAMES = ["writer", "reader", "mode", "disk"];

/** The sets that explain the parts of a small space that `fails` says. */
function partsOf(fails: (factors: Factors) => boolean): readonly string[] | undefined {
  const failing: Weighed[] = [];
  const passing: Weighed[] = [];
  for (const writer of ["1", "2", "3", "4", "5"]) {
    for (const reader of ["1", "2", "3", "4", "5"]) {
      for (const mode of ["up", "down"]) {
        for (const disk of ["none", "one", "two"]) {
          const factors = { writer, reader, mode, disk };
          (fails(factors) ? failing : passing).push({ factors, cells: 1 });
        }
      }
    }
  }
  const parts = explainParts(failing, passing, NAMES);
  assert.equal(parts?.flat().length ?? failing.length, failing.length);
  return parts?.map((part) => {
    const [best] = explain(part, passing, NAMES);
    assert.equal(best?.passing, 0);
    return factorsText(best?.factors ?? {});
  });
}

test("explainParts() finds two causes with one symptom", () => {
  const found = partsOf(({ writer, reader, mode, disk }) => {
    return (writer === "1" && disk !== "none") || (reader === "3" && mode === "up");
  });
  assert.deepEqual(found?.toSorted(), ["reader=3 & mode=up", "writer=1 & disk=one,two"]);
});

test("explainParts() finds a diagonal of few, and gives up on a long one", () => {
  const short = partsOf(({ writer, reader }) => writer === reader && Number(writer) < 4);
  assert.deepEqual(short, ["writer=1 & reader=1", "writer=2 & reader=2", "writer=3 & reader=3"]);
  assert.equal(
    partsOf(({ writer, reader }) => writer === reader),
    undefined,
  );
});

test("explainParts() gives up where an edge fails and passes", () => {
  const edge = { factors: { writer: "1" }, cells: 1 };
  assert.equal(explainParts([edge], [edge], ["writer"]), undefined);
});
