import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import {
  SHARED_CONNECTION_ID,
  SHARED_EVENT_FLAG,
  setForHost,
  takeForGuest,
} from "./channel_bitmap.ts";
import type { ModifyRequest } from "./connection.ts";
import { VERSION } from "./protocol.ts";
import { TestServer } from "./test_server.ts";

test("VmbusServer unloads once every channel and GPADL is back", () => {
  const { test, device } = TestServer.opened();
  device.hold(["close", "teardown"]);
  test.send("unload", {});
  assert.deepEqual(test.states(), {
    connection: "Disconnecting",
    channels: ["ClosingClientRelease"],
  });
  assert.deepEqual(test.take(), []);
  assert.deepEqual(test.server.channels(), []);
  device.answerHeld();
  assert.deepEqual(test.names(), ["unloadComplete"]);
  assert.deepEqual(test.states(), { connection: "Disconnected", channels: ["ClientReleased"] });
});

test("VmbusServer waits for a channel that is still being opened, and closes it then", () => {
  const test = new TestServer();
  const device = test.offer(1);
  test.connect();
  test.gpadl(1, 5);
  test.take();
  device.hold(["open"]);
  test.open(1, 5);
  test.send("unload", {});
  assert.deepEqual(test.states().channels, ["OpeningClientRelease"]);
  device.answerHeld();
  assert.deepEqual(test.names(), ["unloadComplete"]);
  assert.ok(!device.isOpen);
});

test("VmbusServer connects a guest again that makes contact while it is connected", () => {
  const { test, device } = TestServer.opened();
  device.hold(["close"]);
  test.contact(VERSION.iron, 0);
  assert.equal(test.states().connection, "Disconnecting");
  device.answerHeld();
  assert.deepEqual(test.names(), ["versionResponse"]);
  assert.equal(test.states().connection, "Connected");
  assert.deepEqual(test.server.channels(), []);
});

test("VmbusServer does only the last of what a guest asks for while it disconnects", () => {
  const { test, device } = TestServer.opened();
  device.hold(["close"]);
  test.send("unload", {});
  test.contact();
  device.answerHeld();
  assert.deepEqual(test.names(), ["versionResponse2"]);
});

test("VmbusServer tells its relay when everything is back, and only then answers", () => {
  const { test, device } = TestServer.opened();
  const asked: ModifyRequest[] = [];
  test.server.relayTo({ modifyConnection: (request) => asked.push(request) });
  device.hold(["close"]);
  test.send("unload", {});
  assert.deepEqual(asked, []);
  device.answerHeld();
  assert.deepEqual(asked, [{ version: null, monitorPages: "reset", usesInterruptPage: false }]);
  assert.deepEqual(test.take(), []);
  test.server.relayAnswered({ connectionState: 0, featureFlags: 0 });
  assert.deepEqual(test.names(), ["unloadComplete"]);
});

test("VmbusServer.reset() releases everything and drops what was pending", () => {
  const { test } = TestServer.opened();
  test.room = 0;
  test.offer(2);
  assert.equal(test.server.pendingMessages.length, 1);
  test.server.reset();
  assert.deepEqual(test.server.pendingMessages, []);
  const { connection, channels } = test.states();
  assert.equal(connection, "Disconnected");
  assert.deepEqual(channels, ["ClientReleased", "ClientReleased"]);
});

test("VmbusServer.reset() does not wait for an open, or waits for ever (PR 3491)", () => {
  for (const resetsOpeningChannels of [true, false]) {
    const test = new TestServer({ resetsOpeningChannels });
    const device = test.offer(1);
    test.connect();
    test.gpadl(1, 5);
    device.hold(["open"]);
    test.open(1, 5);
    test.server.reset();
    const expected = resetsOpeningChannels ? "Disconnected" : "Disconnecting";
    assert.equal(test.states().connection, expected);
  }
});

test("VmbusServer takes no message and saves nothing while it resets", () => {
  const { test, device } = TestServer.opened();
  device.hold(["close"]);
  test.server.reset();
  assert.ok(!test.send("requestOffers", {}));
  assert.throws(() => test.server.save(), Panic);
  assert.throws(() => test.server.reset(), Panic);
  device.answerHeld();
  assert.equal(test.states().connection, "Disconnected");
});

test("VmbusServer.reset() closes reserved channels of a guest that is not connected", () => {
  const test = new TestServer();
  const device = test.offer(1);
  test.connect();
  test.gpadl(1, 5);
  test.send("openReservedChannel", {
    channelId: 1,
    targetVp: 0,
    targetSint: 5,
    ringBufferGpadlId: 5,
    downstreamRingBufferPageOffset: 4,
  });
  test.send("unload", {});
  assert.ok(device.isOpen);
  test.server.reset();
  assert.ok(!device.isOpen);
  assert.deepEqual(test.states().channels, ["ClientReleased"]);
});

test("VmbusServer.post() takes no message while others wait, or while it is stopped", () => {
  const test = new TestServer();
  test.connect();
  test.room = 0;
  test.offer(1);
  assert.ok(!test.send("requestOffers", {}));
  test.room = 9;
  test.server.flush();
  assert.deepEqual(test.names(), ["offerChannel"]);
  test.server.stop();
  assert.ok(!test.send("unload", {}));
  test.server.start();
  assert.ok(test.send("unload", {}));
});

test("VmbusServer delivers what waits in order, one for each place that gets free", () => {
  const test = new TestServer();
  for (const number of [1, 2, 3]) test.offer(number);
  test.contact();
  test.take();
  test.room = 1;
  test.send("requestOffers", {});
  const seen: unknown[] = [];
  for (let round = 0; round < 5; round++) seen.push(...test.names());
  assert.deepEqual(seen, ["offerChannel", "offerChannel", "offerChannel", "allOffersDelivered"]);
});

test("VmbusServer signals guests before Windows 8 by their interrupt page", () => {
  const test = new TestServer();
  test.offer(1);
  const page = 0x3000n;
  test.send("initiateContact", {
    versionRequested: VERSION.win7,
    targetMessageVp: 0,
    interruptPageOrTargetInfo: page,
    parentToChildMonitorPageGpa: 0n,
    childToParentMonitorPageGpa: 0n,
  });
  test.version = { version: VERSION.win7, featureFlags: 0 };
  test.send("requestOffers", {});
  test.gpadl(1, 5);
  test.open(1, 5);
  test.take();
  const { memory } = test.surroundings;
  test.packet();
  setForHost(memory, page, 7);
  test.server.signal(SHARED_CONNECTION_ID);
  assert.deepEqual(test.interrupts, [], "another channel's bit");
  setForHost(memory, page, 1);
  test.server.signal(SHARED_CONNECTION_ID);
  assert.deepEqual(test.interrupts, [SHARED_EVENT_FLAG]);
  assert.deepEqual(takeForGuest(memory, page), [1]);
});

test("VmbusServer drops the answer to a modification that a disconnect has overtaken", () => {
  for (const dropsOvertakenAnswers of [true, false]) {
    const test = new TestServer({ dropsOvertakenAnswers });
    test.connect();
    test.server.relayTo({ modifyConnection: () => {} });
    const pages = { parentToChildMonitorPageGpa: 0x1000n, childToParentMonitorPageGpa: 0x2000n };
    test.send("modifyConnection", pages);
    test.send("unload", {});
    const answer = { connectionState: 0, featureFlags: 0 };
    test.server.relayAnswered(answer);
    const early = dropsOvertakenAnswers ? [] : ["unloadComplete"];
    assert.deepEqual(test.names(), early);
    if (dropsOvertakenAnswers) {
      test.server.relayAnswered(answer);
      assert.deepEqual(test.names(), ["unloadComplete"]);
    } else assert.throws(() => test.server.relayAnswered(answer), Panic);
  }
});
