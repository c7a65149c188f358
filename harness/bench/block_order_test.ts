import { test } from "node:test";
import { assert, assertEquals } from "@std/assert";
import { blockOrder } from "./block_order.ts";

test("blockOrder() runs each side twice, backward as forward", () => {
  for (let block = 0; block < 20; block++) {
    const order = blockOrder(1, block);
    assertEquals(order, order.toReversed());
    assertEquals(order.slice(0, 3).toSorted(), ["a", "b", "control"]);
  }
});

test("blockOrder() begins with each side now and then, and the same under one seed", () => {
  const firsts = (seed: number) => Array.from({ length: 30 }, (_, at) => blockOrder(seed, at)[0]);
  assertEquals(new Set(firsts(1)).size, 3);
  assertEquals(firsts(1), firsts(1));
  assert(firsts(1).join() !== firsts(2).join());
});
