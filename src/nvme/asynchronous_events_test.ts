import assert from "node:assert/strict";
import { test } from "node:test";
import { AsynchronousEvents, EVENT } from "./asynchronous_events.ts";

test("AsynchronousEvents answers the oldest request with the oldest event", () => {
  const events = new AsynchronousEvents();
  assert.equal(events.next(), null);
  events.request(5);
  events.request(6);
  assert.equal(events.next(), null);
  events.raise(EVENT.INVALID_DOORBELL);
  events.raise(EVENT.NAMESPACE_CHANGED);
  assert.deepEqual(events.next(), { cid: 5, dw0: EVENT.INVALID_DOORBELL });
  assert.deepEqual(events.next(), { cid: 6, dw0: EVENT.NAMESPACE_CHANGED });
  assert.equal(events.next(), null);
});

test("AsynchronousEvents reports no second event of a log page that nobody has read", () => {
  const events = new AsynchronousEvents();
  for (const cid of [1, 2]) events.request(cid);
  for (const _ of [1, 2]) events.raise(EVENT.NAMESPACE_CHANGED);
  assert.notEqual(events.next(), null);
  events.raise(EVENT.NAMESPACE_CHANGED);
  assert.equal(events.next(), null);
  events.clear(4);
  assert.equal(events.next(), null);
  events.raise(EVENT.NAMESPACE_CHANGED);
  assert.deepEqual(events.next(), { cid: 2, dw0: EVENT.NAMESPACE_CHANGED });
});

test("AsynchronousEvents.clear() takes back an event that nobody has asked for", () => {
  const events = new AsynchronousEvents();
  events.raise(EVENT.INVALID_DOORBELL_VALUE);
  events.clear(1);
  events.request(1);
  assert.equal(events.next(), null);
});

test("AsynchronousEvents.request() takes eight and refuses the ninth", () => {
  const events = new AsynchronousEvents();
  for (let cid = 1; cid <= 8; cid++) assert.equal(events.request(cid), null);
  assert.deepEqual(events.request(9), { status: 0x105, dw0: 0 });
  assert.equal(events.requests.length, 8);
});

test("AsynchronousEvents.abort() takes one request back", () => {
  const events = new AsynchronousEvents();
  for (const cid of [1, 2]) events.request(cid);
  assert.deepEqual([events.abort(1), events.abort(1)], [true, false]);
  assert.deepEqual(events.requests, [2]);
});
