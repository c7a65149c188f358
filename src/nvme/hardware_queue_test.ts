import assert from "node:assert/strict";
import { test } from "node:test";
import { DeviceMemory, PhysicalMemory } from "../memory/mod.ts";
import { decodeCompletion, phaseAt } from "./completion.ts";
import { CompletionQueue } from "./hardware_queue.ts";

const PFN = 40;

function queueOf(entries: number): { queue: CompletionQueue; memory: DeviceMemory } {
  const { content, owners } = new PhysicalMemory();
  const memory = new DeviceMemory(content, owners, "disk");
  return { queue: new CompletionQueue(1, { pfn: PFN, entries }, 1), memory };
}

function completion(cid: number) {
  return { dw0: 0, sqhd: 0, sqid: 1, cid, status: 0 };
}

/** Identifier and phase tag of each entry. */
function entriesOf(memory: DeviceMemory, entries: number): [number, boolean][] {
  const page = memory.readable(PFN);
  return Array.from({ length: entries }, (_, index) => [
    decodeCompletion(page, 16 * index).cid,
    phaseAt(page, 16 * index),
  ]);
}

test("CompletionQueue inverts the phase tag with each pass", () => {
  const { queue, memory } = queueOf(2);
  for (const cid of [1, 2, 3]) {
    assert.equal(queue.post(memory, completion(cid)), true);
    queue.take(memory, queue.tail);
  }
  assert.deepEqual(entriesOf(memory, 2), [
    [3, false],
    [2, true],
  ]);
});

test("CompletionQueue holds completions back while it is full, and lets them go in order", () => {
  const { queue, memory } = queueOf(3);
  const posted = [1, 2, 3, 4].map((cid) => queue.post(memory, completion(cid)));
  assert.deepEqual(posted, [true, true, false, false]);
  assert.deepEqual(
    queue.heldBack.map(({ cid }) => cid),
    [3, 4],
  );
  assert.equal(queue.take(memory, 1), true);
  assert.deepEqual(
    queue.heldBack.map(({ cid }) => cid),
    [4],
  );
  assert.equal(queue.take(memory, 1), false);
  assert.equal(queue.take(memory, 2), true);
  assert.deepEqual(entriesOf(memory, 3), [
    [4, false],
    [2, true],
    [3, true],
  ]);
});

test("CompletionQueue.fork() has its own positions and its own completions held back", () => {
  const { queue, memory } = queueOf(2);
  for (const cid of [1, 2]) queue.post(memory, completion(cid));
  const copy = queue.fork();
  queue.take(memory, 1);
  assert.deepEqual([copy.head, copy.tail, copy.phase, copy.heldBack.length], [0, 1, true, 1]);
});

test("CompletionQueue of more than a page goes on in the next", () => {
  const { queue, memory } = queueOf(257);
  for (let cid = 0; cid <= 256; cid++) {
    queue.post(memory, completion(cid));
    queue.take(memory, queue.tail);
  }
  assert.equal(decodeCompletion(memory.readable(PFN + 1), 0).cid, 256);
});
