import assert from "node:assert/strict";
import { test } from "node:test";
import { Updates } from "./updates.ts";

/** As the golden vectors have it: [barriers, ids, token], or "blocks". */
function get(updates: Updates, from?: number): unknown {
  const reply = updates.get(from);
  if (reply === undefined) return "blocks";
  const names = (ids: readonly (readonly [string, unknown])[]) => ids.map(([, name]) => name);
  return [reply.barriers.map(([id, ids]) => [id, names(ids)]), names(reply.ids), reply.token];
}

function add(updates: Updates, ...names: string[]): void {
  for (const name of names) updates.add(["Vm", name]);
}

test("Updates.get() of nothing blocks, and so does a token of a previous process", () => {
  const updates = new Updates();
  assert.equal(get(updates), "blocks");
  assert.equal(updates.lastId, 0);
  add(updates, "a");
  assert.deepEqual(get(updates), [[], ["a"], 1]);
  assert.equal(get(updates, 1), "blocks");
  assert.equal(get(updates, 50), "blocks");
});

test("Updates.add() again moves the key to the end", () => {
  const updates = new Updates();
  add(updates, "a", "b", "a");
  assert.deepEqual(get(updates), [[], ["b", "a"], 3]);
  assert.deepEqual(get(updates, 2), [[], ["a"], 3]);
  assert.equal(updates.lastId, 3);
  updates.remove(["Vm", "b"]);
  assert.deepEqual(get(updates), [[], ["a"], 3]);
  assert.equal(updates.lastId, 4);
  assert.equal(get(updates, 3), "blocks");
});

test("Updates.injectBarrier() keeps what had changed of its VM until it is removed", () => {
  const updates = new Updates();
  const names = ["a", "b"];
  for (const name of names) updates.add(["Vbd", ["v", name]]);
  updates.add(["Vbd", ["other", "x"]]);
  updates.injectBarrier(1, "v");
  updates.add(["Vbd", ["v", "a"]]);
  updates.add(["Vbd", ["v", "c"]]);
  const a = ["v", "a"];
  const [b, c, x] = [
    ["v", "b"],
    ["v", "c"],
    ["other", "x"],
  ];
  assert.deepEqual(get(updates), [[[1, [a, b]]], [b, x, a, c], 6]);
  assert.deepEqual(get(updates, 3), [[[1, []]], [a, c], 6]);
  assert.deepEqual(get(updates, 4), [[], [a, c], 6]);
  updates.removeBarrier(1);
  assert.deepEqual(get(updates), [[], [b, x, a, c], 6]);
  assert.equal(updates.lastId, 7);
});

test("Updates.get() answers barriers in the order in which they came", () => {
  const updates = new Updates();
  for (const id of [1, 2, 3]) updates.injectBarrier(id, "v");
  const all = [1, 2, 3].map((id) => [id, []]);
  assert.deepEqual(get(updates), [all, [], 3]);
  assert.deepEqual(get(updates, 1), [all.slice(1), [], 3]);
});

test("Updates.add() a thousand times of one key is one entry", () => {
  const updates = new Updates();
  for (let i = 0; i < 1000; i++) add(updates, "t");
  assert.deepEqual(get(updates), [[], ["t"], 1000]);
  assert.deepEqual(get(updates, 999), [[], ["t"], 1000]);
});

test("Updates.filter() forgets the others", () => {
  const updates = new Updates();
  add(updates, "a", "b");
  updates.filter(([, name]) => name === "b");
  assert.deepEqual(get(updates), [[], ["b"], 2]);
  assert.equal(updates.lastId, 3);
});
