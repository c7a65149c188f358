import assert from "node:assert/strict";
import { test } from "node:test";
import { GuestMemory } from "../memory/mod.ts";
import { FEATURE, MESSAGE, VERSION } from "../vmbus/mod.ts";
import { modifyConnection, requestOffers } from "./connection_requests.ts";
import { goOn, leave, openAll, passPackets } from "./going_on.ts";
import { TestBus } from "./test_bus.ts";
import { VmbusDriver } from "./vmbus_driver.ts";

const UNLOADED = MESSAGE.unloadComplete.encode({});

test("VmbusDriver.post() takes one message at a time, and none while the slot is held", () => {
  const driver = new VmbusDriver(new GuestMemory(), []);
  assert.ok(driver.post(UNLOADED, null));
  assert.ok(!driver.post(UNLOADED, null), "the guest does not run");
  driver.setHoldsSlot(true);
  driver.setRunning(true);
  assert.ok(!driver.post(UNLOADED, null));
  driver.setHoldsSlot(false);
  assert.ok(driver.post(UNLOADED, null));
  // Slots of reserved channels are no concern of this one.
  assert.ok(driver.post(UNLOADED, { vp: 1, sint: 5 }));
});

test("modifyConnection() sends nothing where that has not been agreed on", () => {
  const driver = new VmbusDriver(new GuestMemory(), []);
  driver.state.version = { version: VERSION.iron, featureFlags: 0 };
  modifyConnection(driver);
  assert.deepEqual([driver.state.outbox.length, driver.state.modifying], [0, 0]);
});

test("VmbusDriver.send() keeps in order what the host does not take", () => {
  const driver = new VmbusDriver(new GuestMemory(), []);
  const taken: Uint8Array[] = [];
  let takes = false;
  driver.attach({
    post: (octets) => {
      if (takes) taken.push(octets);
      return takes;
    },
    signal: () => {},
    flush: () => {},
  });
  driver.setRunning(true);
  requestOffers(driver);
  driver.state.version = { version: VERSION.copper, featureFlags: FEATURE.modifyConnection };
  modifyConnection(driver);
  assert.equal(driver.state.outbox.length, 2);
  takes = true;
  driver.wake();
  assert.deepEqual(
    taken.map((octets) => octets[0]),
    [3, 25],
  );
});

test("VmbusDriver comes down to a version that its host has", () => {
  const test = new TestBus({ server: { versions: [VERSION.iron] } });
  assert.deepEqual(openAll(test.guest), []);
  assert.equal(test.guest.state.version?.version, VERSION.iron);
  assert.deepEqual(test.guest.state.refusals, ["version 0x60000"]);
  assert.deepEqual(goOn(test.guest), []);
  assert.deepEqual(test.guest.complaints, []);
});

test("VmbusDriver gives up when the host has none of its versions", () => {
  const test = new TestBus({ server: { versions: [] } });
  assert.deepEqual(openAll(test.guest), ["the connection is none"]);
  assert.equal(test.guest.state.refusals.length, 2);
});

test("VmbusDriver.fork() goes on apart, on a copy of the memory", () => {
  const test = new TestBus();
  openAll(test.guest);
  passPackets(test.guest, 2);
  const memory = test.memory.fork();
  const copy = test.guest.fork(memory);
  assert.deepEqual(copy.state, test.guest.state);
  test.guest.setRunning(false);
  const original = structuredClone(test.guest.state.channels.get(1)?.traffic);
  copy.attach(test.middle.server);
  copy.state.complaints.push("of the copy");
  for (const channel of copy.state.channels.values()) channel.traffic.sent++;
  assert.deepEqual(test.guest.complaints, []);
  assert.deepEqual(test.guest.state.channels.get(1)?.traffic, original);
});

test("VmbusDriver.traffic counts packets of rings that are gone, but not those in flight", () => {
  const test = new TestBus();
  openAll(test.guest);
  passPackets(test.guest, 3);
  test.hold(["packets"]);
  passPackets(test.guest, 2);
  assert.deepEqual(test.guest.traffic, { sent: 10, returned: 6, oddities: [] });
  leave(test.guest);
  assert.deepEqual(test.guest.traffic, { sent: 6, returned: 6, oddities: [] });
  test.answerHeld();
  openAll(test.guest);
  passPackets(test.guest, 1);
  assert.deepEqual(test.guest.traffic, { sent: 8, returned: 8, oddities: [] });
});
