import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { medianOf, Resamples } from "./resamples.ts";

const of = (...values: number[]) => Float64Array.from(values);

test("medianOf() is the middle, or half way between two", () => {
  assertEquals(medianOf(of(3, 1, 2)), 2);
  assertEquals(medianOf(of(4, 1, 2, 3)), 2.5);
  assertEquals(medianOf(of(5)), 5);
});

test("Resamples.ofMedian() of values that are all the same is that value", () => {
  assertEquals(new Resamples(10, 1).ofMedian(new Float64Array(10).fill(3), 0.99), {
    low: 3,
    high: 3,
  });
});

test("Resamples.ofMedian() has its ends among the medians that can be drawn", () => {
  const resamples = new Resamples(2, 1);
  assertEquals(resamples.ofMedian(of(4, 2), 0.99), { low: 2, high: 4 });
  assertEquals(new Resamples(1, 1).ofMedian(of(7), 0.99), { low: 7, high: 7 });
});

test("Resamples.ofMedian() of an even number of blocks may be half way between two", () => {
  const { low, high } = new Resamples(2, 1).ofMedian(of(4, 2), 0.01);
  assertEquals([low, high], [3, 3]);
});

test("Resamples.ofMedian() is narrower with less confidence, around the median", () => {
  const values = Float64Array.from({ length: 30 }, (_, index) => 10 + ((index * 7) % 11));
  const resamples = new Resamples(30, 1);
  const wide = resamples.ofMedian(values, 0.99);
  const narrow = resamples.ofMedian(values, 0.5);
  assert(wide.low < narrow.low && narrow.low <= medianOf(values));
  assert(medianOf(values) <= narrow.high && narrow.high < wide.high);
});
