import assert from "node:assert/strict";
import { test } from "node:test";
import { createGpadl, prepareMemory } from "./channel_memory.ts";
import { closeChannel, modifyChannel, openChannel, sendPackets } from "./channel_requests.ts";
import { contact, requestOffers } from "./connection_requests.ts";
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

for (const relayed of [false, true]) {
  const bus = relayed ? "a relayed bus" : "a bus";
  test(`goOn() waits in vain for an answer of ${bus} to a channel closed too early`, () => {
    const test = new TestBus({ relayed, channels: [[0xe1, 0xe2], [0xe3], [0xe4, 0xe5]] });
    const { guest } = test;
    contact(guest);
    requestOffers(guest);
    const [, channel] = guest.planned();
    assert.ok(channel);
    prepareMemory(guest, channel);
    for (const gpadl of channel.gpadls) createGpadl(guest, channel, gpadl);
    openChannel(guest, channel);
    test.hold(["modify"]);
    modifyChannel(guest, channel, 3);
    closeChannel(guest, channel);
    test.answerHeld();
    assert.deepEqual(goOn(guest), ["no answer to a modification of relid 2"]);
    assert.deepEqual(guest.complaints, []);
  });
}

test("goOn() finds a relayed channel gone that was taken away while it was modified", () => {
  const test = new TestBus({ relayed: true });
  openAll(test.guest);
  test.hold(["modify"]);
  const [channel] = test.guest.planned();
  assert.ok(channel);
  modifyChannel(test.guest, channel, 3);
  test.revoke(channel.key);
  assert.deepEqual([channel.modifying, channel.rescinded], [0, true]);
  assert.deepEqual(goOn(test.guest), []);
  assert.deepEqual(test.guest.complaints, []);
});

test("openChannel() begins with empty rings, whatever was in flight at the close", () => {
  const test = new TestBus();
  openAll(test.guest);
  test.hold(["packets"]);
  const [channel] = test.guest.planned();
  assert.ok(channel);
  sendPackets(test.guest, channel, 3);
  closeChannel(test.guest, channel);
  openChannel(test.guest, channel);
  test.answerHeld();
  assert.deepEqual(test.guest.traffic, { sent: 0, returned: 0, oddities: [] });
  assert.deepEqual(passPackets(test.guest), []);
});

test("leave() tells that the host has not let it go", () => {
  const test = new TestBus();
  openAll(test.guest);
  test.hold(["teardown", "close"]);
  assert.deepEqual(leave(test.guest), ["the connection is unloading"]);
  test.answerHeld();
  assert.deepEqual(leave(test.guest), []);
});
