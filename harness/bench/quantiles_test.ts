import { test } from "node:test";
import { assertEquals } from "@std/assert";
import { quantilesOf } from "./quantiles.ts";

test("quantilesOf() answers values that were seen, whatever their order", () => {
  const values = Array.from({ length: 200 }, (_, at) => 200 - at);
  assertEquals(quantilesOf(values), { count: 200, p50: 100, p99: 198, max: 200 });
  assertEquals(quantilesOf([7]), { count: 1, p50: 7, p99: 7, max: 7 });
  assertEquals(quantilesOf([3, 9]), { count: 2, p50: 3, p99: 9, max: 9 });
});

test("quantilesOf() counts the one odd value of a hundred as the maximum only", () => {
  const values = [...new Array<number>(99).fill(1), 50];
  assertEquals(quantilesOf(values), { count: 100, p50: 1, p99: 1, max: 50 });
});
