import assert from "node:assert/strict";
import { test } from "node:test";
import { announced, inOrder } from "./in_order.ts";

const LANES = ["a", "b", "c"];

/** A turn that comes `turns` turns of the loop later. */
async function later(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function taken<T>(results: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const result of results) all.push(result);
  return all;
}

test("announced() tells of each item when so many others are before it", () => {
  const told: number[] = [];
  const taken: [number, number][] = [];
  for (const item of announced([1, 2, 3, 4, 5], 2, (one) => told.push(one))) {
    taken.push([item, told.length]);
  }
  assert.deepEqual(told, [1, 2, 3, 4, 5]);
  assert.deepEqual(taken, [
    [1, 3],
    [2, 4],
    [3, 5],
    [4, 5],
    [5, 5],
  ]);
});

test("inOrder() gives results in the order of the items, whichever is ready first", async () => {
  const items = Array.from({ length: 40 }, (_, n) => n);
  const ended: number[] = [];
  const results = inOrder(LANES, items, async (_lane, item) => {
    await later(item % 3 === 0 ? 9 : 1);
    ended.push(item);
    return item * 2;
  });
  assert.deepEqual(
    await taken(results),
    items.map((item) => item * 2),
  );
  assert.notDeepEqual(ended, items);
});

test("inOrder() has each lane do one thing at a time, and all lanes at work", async () => {
  const busy = new Set<string>();
  let most = 0;
  const results = inOrder(LANES, Array(30).keys(), async (lane, _item) => {
    assert.ok(!busy.has(lane), lane);
    busy.add(lane);
    most = Math.max(most, busy.size);
    await later(2);
    busy.delete(lane);
  });
  assert.equal((await taken(results)).length, 30);
  assert.equal(most, LANES.length);
});

test("inOrder() does not run far ahead of who takes the results", async () => {
  let begun = 0;
  const results = inOrder(LANES, Array(10_000).keys(), async () => {
    begun++;
    await later(1);
  });
  await results.next();
  await later(200);
  assert.ok(begun <= 25, `${begun}`);
  await results.return(undefined);
  assert.ok(begun <= 25, `${begun}`);
});

test("inOrder() lets what was begun come to its end when it is left early or fails", async () => {
  let running = 0;
  const work = async (_lane: string, item: number) => {
    running++;
    await later(5);
    running--;
    if (item === 4) throw new RangeError("item 4");
    return item;
  };
  for await (const item of inOrder(LANES, Array(20).keys(), work)) if (item === 2) break;
  assert.equal(running, 0);
  await assert.rejects(taken(inOrder(LANES, Array(20).keys(), work)), { message: "item 4" });
  assert.equal(running, 0);
});

test("inOrder() tells when the items break off", async () => {
  function* broken() {
    for (let item = 0; item < 9; item++) yield item;
    throw new RangeError("no more");
  }
  const results = inOrder(LANES, broken(), async (_lane, item) => {
    await later(1);
    return item;
  });
  const seen: number[] = [];
  const all = (async () => {
    for await (const item of results) seen.push(item);
  })();
  await assert.rejects(all, { message: "no more" });
  assert.equal(seen.length, 9);
});
