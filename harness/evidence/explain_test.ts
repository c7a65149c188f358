import assert from "node:assert/strict";
import { test } from "node:test";
import { covers, explain, type Factors, factorsText, type Weighed } from "./explain.ts";

const NAMES = ["writer", "reader", "mode", "size", "disk"];

/** All edges of a small space, split by `fails`. */
function split(fails: (factors: Factors) => boolean) {
  const failing: Weighed[] = [];
  const passing: Weighed[] = [];
  for (const writer of ["1", "2", "3"]) {
    for (const reader of ["1", "2", "3"]) {
      for (const mode of ["up", "down"]) {
        for (const size of ["small", "large"]) {
          for (const disk of ["none", "one", "two"]) {
            const factors = { writer, reader, mode, size, disk };
            (fails(factors) ? failing : passing).push({ factors, cells: 1 });
          }
        }
      }
    }
  }
  return explain(failing, passing, NAMES);
}

test("explain() finds the fewest factors, with every value that fails", () => {
  const one = split(({ writer }) => writer !== "2");
  assert.deepEqual(one[0], { factors: { writer: ["1", "3"] }, failing: 72, passing: 0 });
  const two = split(({ writer, disk }) => writer === "1" && disk !== "none");
  assert.deepEqual(two[0]?.factors, { writer: "1", disk: ["one", "two"] });
  const three = split(({ writer, reader, mode }) => `${writer}${reader}${mode}` === "13up");
  assert.deepEqual(three, [
    { factors: { writer: "1", reader: "3", mode: "up" }, failing: 6, passing: 0 },
  ]);
});

test("explain() needs no factor where everything fails", () => {
  assert.deepEqual(
    split(() => true),
    [{ factors: {}, failing: 108, passing: 0 }],
  );
  assert.equal(factorsText({}), "everywhere");
});

test("explain() says what is closest when no set is exact", () => {
  const [closest, ...others] = split(({ writer, reader }) => writer === reader);
  assert.deepEqual(others, []);
  assert.equal(closest?.failing, 36);
  assert.equal(closest?.passing, 72);
  const four = split(
    ({ writer, reader, mode, size }) => `${writer}${reader}${mode}${size}` === "13upsmall",
  );
  assert.deepEqual([four[0]?.failing, four[0]?.passing], [3, 3]);
  assert.equal(Object.keys(four[0]?.factors ?? {}).length, 3);
});

test("explain() gives all sets that are as small, those with few values first", () => {
  const edge = (a: string, b: string, c: string) => ({ factors: { a, b, c }, cells: 2 });
  const failing = [edge("1", "1", "1"), edge("1", "2", "1")];
  const passing = [edge("2", "3", "1")];
  const found = explain(failing, passing, ["b", "a", "c"]);
  assert.deepEqual(
    found.map(({ factors }) => factors),
    [{ a: "1" }, { b: ["1", "2"] }],
  );
  assert.equal(found[0]?.failing, 4);
});

test("explain() counts beyond one word of bits", () => {
  const passing = Array.from({ length: 100 }, (_, index) => {
    return { factors: { a: String(index), b: index === 77 ? "x" : "y" }, cells: 3 };
  });
  const failing = [{ factors: { a: "new", b: "x" }, cells: 1 }];
  assert.deepEqual(explain(failing, passing, ["b"])[0], {
    factors: { b: "x" },
    failing: 1,
    passing: 3,
  });
  assert.equal(explain(failing, passing, ["a", "b"])[0]?.passing, 0);
});

test("covers() and factorsText() read an explanation as an expectation is read", () => {
  const factors = { writer: ["1", "2"], request: "nvme>none" };
  assert.equal(covers({ factors }, { writer: "2", request: "nvme>none", more: "x" }), true);
  assert.equal(covers({ factors }, { writer: "3", request: "nvme>none" }), false);
  assert.equal(covers({ factors }, { writer: "2" }), false);
  assert.equal(factorsText(factors), 'writer=1,2 & request="nvme>none"');
});
