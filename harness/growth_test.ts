import assert from "node:assert/strict";
import { test } from "node:test";
import { medianOf, POINTS_MIN, trendOf } from "./growth.ts";
import { drawsOf } from "./seed.ts";

function points(count: number, valueAt: (n: number) => number) {
  return Array.from({ length: count }, (_, n) => ({ at: 100 * (n + 1), value: valueAt(n) }));
}

test("trendOf() gives a line its slope, and calls it growth", () => {
  const trend = trendOf(
    points(20, (n) => 10 + n),
    1,
  );
  assert.deepEqual([trend.slope, trend.first, trend.last, trend.rise], [0.01, 10, 29, 15]);
  assert.ok(trend.grows);
});

test("trendOf() sees one step in a hundred samples, and no growth in a fall", () => {
  const step = trendOf(
    points(100, (n) => (n < 50 ? 10 : 11)),
    1,
  );
  assert.deepEqual([step.grows, step.rise], [true, 1]);
  const fall = trendOf(
    points(100, (n) => 100 - n),
    1,
  );
  assert.deepEqual([fall.grows, fall.slope], [false, -0.01]);
});

test("trendOf() calls neither a level nor noise nor a few outliers growth", () => {
  const draw = drawsOf(1, "noise");
  for (const valueAt of [
    () => 7,
    () => 2000 + draw(64),
    (n: number) => (n % 9 === 0 ? 9000 : 2000 + draw(8)),
    (n: number) => (n === 99 ? 9000 : 2000),
  ]) {
    assert.equal(trendOf(points(100, valueAt), 1).grows, false);
  }
});

test("trendOf() calls chance growth in fewer than one of a hundred series", () => {
  const draw = drawsOf(2, "chance");
  let grown = 0;
  for (let series = 0; series < 500; series++) {
    if (
      trendOf(
        points(50, () => draw(1000)),
        1,
      ).grows
    )
      grown++;
  }
  assert.ok(grown < 5, `${grown} of 500`);
});

test("trendOf() wants a rise of at least the noise, and enough points", () => {
  const risen = (count: number, noise: number) =>
    trendOf(
      points(count, (n) => n),
      noise,
    ).grows;
  assert.deepEqual([risen(40, 30), risen(40, 31)], [true, false]);
  assert.deepEqual([risen(POINTS_MIN, 1), risen(POINTS_MIN - 1, 1)], [true, false]);
});

test("medianOf() takes the middle, or what is between two", () => {
  assert.deepEqual([medianOf([3, 1, 2]), medianOf([4, 1, 2, 3]), medianOf([])], [2, 2.5, 0]);
});
