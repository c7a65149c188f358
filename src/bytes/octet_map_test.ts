import assert from "node:assert/strict";
import { test } from "node:test";
import { OctetMap } from "./octet_map.ts";

test("OctetMap tells octets apart by content, from the first to the last", () => {
  const map = new OctetMap<string>(8);
  map.add(Uint8Array.of(), "none");
  map.add(Uint8Array.of(1, 2, 3), "123");
  map.add(Uint8Array.of(1, 2, 4), "124");
  assert.equal(map.get(new Uint8Array(0)), "none");
  assert.equal(map.get(Uint8Array.of(1, 2, 3)), "123");
  assert.equal(map.get(Uint8Array.of(1, 2, 4)), "124");
  for (const other of [[0, 2, 3], [1, 0, 3], [1, 2], [1, 2, 3, 0], [0]]) {
    assert.equal(map.get(Uint8Array.from(other)), undefined);
  }
});

test("OctetMap keeps a copy of its keys", () => {
  const map = new OctetMap<number>(8);
  const key = Uint8Array.of(1, 2);
  map.add(key, 7);
  key[0] = 9;
  assert.equal(map.get(Uint8Array.of(1, 2)), 7);
  assert.equal(map.get(key), undefined);
});

test("OctetMap begins anew when its keys have too many octets", () => {
  const map = new OctetMap<number>(8);
  const key = (first: number) => new Uint8Array(2 ** 15).fill(first);
  for (const first of [1, 2]) map.add(key(first), first);
  assert.equal(map.get(key(1)), 1);
  map.add(Uint8Array.of(3), 3);
  assert.deepEqual([map.get(key(1)), map.get(Uint8Array.of(3))], [undefined, 3]);
});

test("OctetMap holds as many as it may and then begins anew", () => {
  const map = new OctetMap<number>(2);
  const held = () => [1, 2, 3].filter((octet) => map.get(Uint8Array.of(octet)) !== undefined);
  map.add(Uint8Array.of(1), 1);
  map.add(Uint8Array.of(2), 2);
  assert.deepEqual(held(), [1, 2]);
  map.add(Uint8Array.of(3), 3);
  assert.deepEqual(held(), [3]);
});
