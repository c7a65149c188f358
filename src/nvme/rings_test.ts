import assert from "node:assert/strict";
import { test } from "node:test";
import { CompletionQueue, SubmissionQueue } from "./rings.ts";

test("SubmissionQueue wraps its tail and keeps one entry empty", () => {
  const queue = SubmissionQueue.create(1, 3);
  queue.commit();
  assert.equal(queue.full, false);
  queue.commit();
  assert.equal(queue.full, true);
  queue.updateHead(2);
  queue.commit();
  assert.deepEqual(queue.save(), { sqid: 1, head: 2, tail: 0, committed_tail: 0, len: 3 });
});

test("SubmissionQueue.updateHead() panics on a head outside the ring", () => {
  const queue = SubmissionQueue.create(1, 3);
  assert.throws(() => queue.updateHead(3), { name: "Panic" });
});

test("CompletionQueue flips the phase tag at each wrap", () => {
  const queue = CompletionQueue.create(1, 2);
  const phases = [0, 1, 2, 3, 4].map(() => {
    const { phase } = queue;
    queue.consume();
    return phase;
  });
  assert.deepEqual(phases, [true, true, false, false, true]);
  const saved = { cqid: 1, head: 1, committed_head: 1, len: 2, phase: true };
  assert.deepEqual(queue.save(), saved);
});

test("rings take saved values verbatim, even impossible ones", () => {
  const sq = { sqid: 9, head: 70, tail: 99, committed_tail: 3, len: 4 };
  assert.deepEqual(SubmissionQueue.restore(sq).save(), sq);
  const cq = { cqid: 9, head: 70, committed_head: 99, len: 4, phase: false };
  assert.deepEqual(CompletionQueue.restore(cq).save(), cq);
});
