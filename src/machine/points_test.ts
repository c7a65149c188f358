import assert from "node:assert/strict";
import { test } from "node:test";
import { Points, type Strike } from "./points.ts";

function strikeAt(point: string, passes = 0): Strike {
  return {
    point,
    passes,
    act() {
      throw new Error(`struck at ${point}`);
    },
  };
}

test("Points.reach() strikes at its point only, and once", () => {
  const points = new Points([strikeAt("save/units/before")]);
  points.reach("save/emuplat/before");
  assert.throws(() => points.reach("save/units/before"), { message: /struck/ });
  points.reach("save/units/before");
  assert.deepEqual([...points.reached], ["save/emuplat/before", "save/units/before"]);
});

test("Points.reach() lets a strike wait for a later time", () => {
  const points = new Points([strikeAt("queue", 2)]);
  points.reach("queue");
  points.reach("queue");
  assert.throws(() => points.reach("queue"));
});

test("Points share their strikes with the next run, which meets what has not happened", () => {
  const strikes = [strikeAt("first"), strikeAt("second")];
  assert.throws(() => new Points(strikes).reach("first"));
  const next = new Points(strikes);
  next.reach("first");
  assert.throws(() => next.reach("second"));
});

test("Points.around() reaches both ends, the second only when the work is done", () => {
  const points = new Points();
  assert.equal(
    points.around("work", () => 5),
    5,
  );
  assert.deepEqual([...points.reached], ["work/before", "work/after"]);
  const struck = new Points();
  assert.throws(() =>
    struck.around("work", () => {
      throw new Error("in the work");
    }),
  );
  assert.deepEqual([...struck.reached], ["work/before"]);
});
