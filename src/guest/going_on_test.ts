import assert from "node:assert/strict";
import { test } from "node:test";
import { modifyChannel, sendPackets } from "./channel_requests.ts";
import { goOn, leave, openAll, passPackets, unanswered } from "./going_on.ts";
import { TestBus } from "./test_bus.ts";

test("openAll() tells which channels it could not open", () => {
  const test = new TestBus();
  test.hold(["open"]);
  assert.deepEqual(openAll(test.guest), ["relid 1 is opening", "relid 2 is opening"]);
  test.answerHeld();
  assert.deepEqual(openAll(test.guest), []);
});

test("passPackets() tells which packets have not come back", () => {
  const test = new TestBus();
  openAll(test.guest);
  test.hold(["packets"]);
  assert.deepEqual(passPackets(test.guest, 3), [
    "relid 1: 0 of 3 packets",
    "relid 2: 0 of 3 packets",
  ]);
  test.answerHeld();
  assert.deepEqual(passPackets(test.guest, 0), []);
});

test("passPackets() notes packets that come back changed or in another order", () => {
  const test = new TestBus();
  openAll(test.guest);
  test.hold(["packets"]);
  const [channel] = test.guest.planned();
  assert.ok(channel);
  sendPackets(test.guest, channel, 2);
  // A host that has lost the first packet and does not copy what it gives back.
  channel.traffic.received = 1;
  test.answerHeld();
  assert.deepEqual(test.guest.traffic.oddities, [
    "relid 1: packet 0 came in place of 1",
    "relid 1: packet 1 came in place of 2",
  ]);
});

test("unanswered() tells which answers are missing", () => {
  const test = new TestBus();
  openAll(test.guest);
  test.hold(["modify"]);
  const [channel] = test.guest.planned();
  assert.ok(channel);
  modifyChannel(test.guest, channel, 3);
  assert.deepEqual(unanswered(test.guest), ["no answer to a modification of relid 1"]);
  assert.deepEqual(goOn(test.guest), ["no answer to a modification of relid 1"]);
});

test("leave() tells that the host has not let it go", () => {
  const test = new TestBus();
  openAll(test.guest);
  test.hold(["teardown", "close"]);
  assert.deepEqual(leave(test.guest), ["the connection is unloading"]);
  test.answerHeld();
  assert.deepEqual(leave(test.guest), []);
});
