import assert from "node:assert/strict";
import { test } from "node:test";
import { MsixTable } from "./msix_table.ts";

test("MsixTable tells everybody who listens to a vector, once for each delivery", () => {
  const table = new MsixTable();
  const heard: string[] = [];
  table.map(0, () => heard.push("admin"));
  table.map(0, () => heard.push("io"));
  for (const vector of [0, 0]) table.raise(vector);
  table.deliver();
  table.deliver();
  assert.deepEqual(heard, ["admin", "io"]);
});

test("MsixTable keeps an interrupt that nobody hears for whoever comes", () => {
  const table = new MsixTable();
  for (const _ of [1, 2]) {
    table.raise(3);
    table.deliver();
  }
  assert.deepEqual(table.pending, [3]);
  const copy = table.fork();
  let heard = 0;
  for (const each of [table, copy]) each.map(3, () => heard++);
  assert.equal(heard, 2);
  assert.deepEqual(table.pending, []);
});

test("MsixTable.unmapAll() makes nobody listen, reset() forgets what is pending", () => {
  const table = new MsixTable();
  table.map(1, () => assert.fail("nobody listens"));
  table.unmapAll();
  table.raise(1);
  table.deliver();
  assert.deepEqual(table.pending, [1]);
  table.reset();
  assert.deepEqual(table.pending, []);
});

test("MsixTable.deliver() goes on with vectors that a handler raises", () => {
  const table = new MsixTable();
  const heard: number[] = [];
  table.map(1, () => {
    heard.push(1);
    table.raise(2);
  });
  table.map(2, () => heard.push(2));
  table.raise(1);
  table.deliver();
  assert.deepEqual(heard, [1, 2]);
});
