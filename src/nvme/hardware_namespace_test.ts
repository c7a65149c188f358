import assert from "node:assert/strict";
import { test } from "node:test";
import { HardwareNamespace } from "./hardware_namespace.ts";
import { blocksOf } from "./identify.ts";

const FULL = new Uint8Array(512).fill(7);

function contentOf(
  namespace: HardwareNamespace,
  ...lbas: readonly number[]
): (number | undefined)[] {
  return lbas.map((lba) => namespace.read(lba)[511]);
}

test("HardwareNamespace reads zeros where nobody has written", () => {
  const namespace = new HardwareNamespace(1, 8n);
  namespace.write(3, FULL);
  assert.deepEqual(contentOf(namespace, 2, 3, 4), [0, 7, 0]);
  assert.equal(blocksOf(namespace.identify), 8n);
});

test("HardwareNamespace.has() ends at the last block", () => {
  const namespace = new HardwareNamespace(1, 8n);
  assert.deepEqual(
    [namespace.has(0, 8), namespace.has(7, 1), namespace.has(7, 2), namespace.has(8, 1)],
    [true, true, false, false],
  );
});

test("HardwareNamespace.deallocate() zeroes a range, however long", () => {
  for (const count of [2, 1_000]) {
    const namespace = new HardwareNamespace(1, 2_000n);
    for (const lba of [4, 5, 6, 1_900]) namespace.write(lba, FULL);
    namespace.deallocate(5, count);
    assert.deepEqual(contentOf(namespace, 4, 5, 6, 1_900), [7, 0, 0, 7]);
  }
});

test("HardwareNamespace.resize() forgets what is behind the new end", () => {
  const namespace = new HardwareNamespace(1, 8n);
  namespace.write(3, FULL);
  namespace.write(4, FULL);
  namespace.resize(4n);
  namespace.resize(8n);
  assert.deepEqual(contentOf(namespace, 3, 4), [7, 0]);
});

test("HardwareNamespace.fork() goes its own way", () => {
  const namespace = new HardwareNamespace(1, 8n);
  namespace.write(3, FULL);
  const copy = namespace.fork();
  copy.write(4, FULL);
  namespace.deallocate(3, 1);
  assert.deepEqual(contentOf(copy, 3, 4), [7, 7]);
  assert.deepEqual(contentOf(namespace, 3, 4), [0, 0]);
});
