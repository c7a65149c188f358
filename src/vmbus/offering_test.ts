import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import { guid } from "./guid.ts";
import { MESSAGE } from "./messages.ts";
import { offerParams } from "./offer.ts";
import { FEATURE, VERSION } from "./protocol.ts";
import { FEATURES, INTERFACE, offerNumber, TestServer } from "./test_server.ts";

test("VmbusServer offers nothing before it is asked, and everything then", () => {
  const test = new TestServer();
  test.offer(2);
  test.offer(1);
  test.contact();
  assert.deepEqual(test.names(), ["versionResponse2"]);
  assert.deepEqual(test.server.channels(), []);
  test.send("requestOffers", {});
  const received = test.take();
  assert.deepEqual(
    received.map(([name]) => name),
    ["offerChannel", "offerChannel", "allOffersDelivered"],
  );
  assert.deepEqual(
    received.slice(0, 2).map(([, offer]) => {
      const { instanceId, channelId, connectionId, monitorId, monitorAllocated, isDedicated } =
        offer as ReturnType<typeof MESSAGE.offerChannel.decode>;
      const ids = [instanceId.data4[7], channelId, connectionId];
      return [...ids, monitorId, monitorAllocated, isDedicated];
    }),
    [
      [1, 1, 0x2001, 0xff, 0, 1],
      [2, 2, 0x2002, 0xff, 0, 1],
    ],
  );
});

test("VmbusServer sorts by interface, then as the device wants it, then by instance", () => {
  const test = new TestServer();
  const other = guid("0e0b6031-5213-4934-818b-38d90ced39db");
  test.server.offer(offerNumber(1));
  test.server.offer({ ...offerNumber(2), order: 9 });
  test.server.offer({ ...offerNumber(3), order: 4 });
  test.server.offer(offerParams(other, guid("00000000-0000-4000-8000-000000000004")));
  const { interface_id, instance_id } = offerNumber(1).key;
  const key = { interface_id, instance_id, subchannel_index: 1 };
  test.server.offer({ ...offerNumber(1), key });
  test.connect();
  const order = test.server.channels().map(({ channelId, key: { instance_id: id, ...rest } }) => ({
    channelId,
    instance: id.data4[7],
    sub: rest.subchannel_index,
  }));
  order.sort((left, right) => left.channelId - right.channelId);
  assert.deepEqual(
    order.map(({ instance, sub }) => [instance, sub]),
    [
      [4, 0],
      [3, 0],
      [2, 0],
      [1, 0],
      [1, 1],
    ],
  );
});

test("VmbusServer refuses a second request for offers and a second offer of a key", () => {
  const test = new TestServer();
  test.offer(1);
  test.connect();
  test.send("requestOffers", {});
  assert.deepEqual(test.take(), []);
  assert.match(test.warnings().join(), /channel offers have already been sent/);
  assert.throws(() => test.offer(1), /offer \{.*\}-0 already exists$/);
});

test("VmbusServer offers a channel that comes later at once", () => {
  const test = new TestServer();
  test.connect();
  test.offer(1);
  assert.deepEqual(test.names(), ["offerChannel"]);
});

test("VmbusServer strips confidential flags for guests that have no such channels", () => {
  for (const trusted of [false, true]) {
    const test = new TestServer();
    test.server.offer({ ...offerNumber(1), flags: 0x2017 });
    const contact = {
      versionRequested: VERSION.copper,
      targetMessageVp: 0,
      interruptPageOrTargetInfo: 2n | (BigInt(FEATURE.confidentialChannels) << 32n),
      parentToChildMonitorPageGpa: 0n,
      childToParentMonitorPageGpa: 0n,
    };
    test.server.post(MESSAGE.initiateContact.encode(contact), trusted);
    test.version = { version: VERSION.copper, featureFlags: 0 };
    test.take();
    test.server.post(MESSAGE.requestOffers.encode({}), trusted);
    const [offer] = test.take();
    assert.ok(offer);
    const { flags } = offer[1] as { flags: number };
    assert.equal(flags, trusted ? 0x2017 : 0x2011);
  }
});

test("VmbusServer gives monitor ids of its own, or takes those of the host", () => {
  const test = new TestServer();
  test.server.offer({ ...offerNumber(1), monitorId: "own" });
  test.server.offer({ ...offerNumber(2), monitorId: 77 });
  test.server.offer({ ...offerNumber(3), monitorId: "own" });
  test.contact();
  test.take();
  test.send("requestOffers", {});
  const ids = test.take().flatMap(([name, contents]) => {
    if (name !== "offerChannel") return [];
    const { monitorId, monitorAllocated } = contents as {
      monitorId: number;
      monitorAllocated: number;
    };
    return [[monitorId, monitorAllocated]];
  });
  assert.deepEqual(ids, [
    [0, 1],
    [77, 1],
    [1, 1],
  ]);
});

test("VmbusServer rescinds a channel, whose id is free once the guest has released it", () => {
  const { test, device } = TestServer.opened();
  test.offer(2);
  test.take();
  device.revoke();
  assert.deepEqual(test.names(), ["rescindChannelOffer"]);
  assert.deepEqual(test.states().channels, ["Revoked", "Closed"]);
  test.offer(3);
  test.send("relIdReleased", { channelId: 1 });
  test.offer(4);
  const offered = test.take().map(([, contents]) => (contents as { channelId: number }).channelId);
  assert.deepEqual(offered, [3, 1]);
  assert.equal(test.states().channels.length, 3);
});

test("VmbusServer offers a channel again that comes back, once it is released", () => {
  const { test, device } = TestServer.opened();
  device.revoke();
  test.offer(1);
  assert.deepEqual(test.states().channels, ["Reoffered"]);
  assert.deepEqual(test.names(), ["rescindChannelOffer"]);
  test.send("relIdReleased", { channelId: 1 });
  assert.deepEqual(test.names(), ["offerChannel"]);
  assert.deepEqual(test.states().channels, ["Closed"]);
});

test("VmbusServer ignores what a guest asks of a channel that is revoked", () => {
  const { test, device } = TestServer.opened();
  device.revoke();
  test.take();
  test.open(1, 5);
  test.send("closeChannel", { channelId: 1 });
  test.send("closeReservedChannel", { channelId: 1, targetVp: 0, targetSint: 0 });
  assert.deepEqual(test.take(), []);
  assert.deepEqual(test.warnings(), []);
  assert.deepEqual(test.states().channels, ["Revoked"]);
});

test("VmbusServer does not let a guest release a channel that it has open", () => {
  const { test } = TestServer.opened();
  test.send("relIdReleased", { channelId: 1 });
  assert.deepEqual(test.states().channels, ["Open"]);
  assert.match(test.warnings().join(), /invalid channel state for operation/);
});

test("VmbusServer lets a guest release a closed channel, and does not offer it again", () => {
  const test = new TestServer();
  test.offer(1);
  test.connect();
  test.send("relIdReleased", { channelId: 1 });
  assert.deepEqual(test.take(), []);
  assert.deepEqual(test.states().channels, ["ClientReleased"]);
  test.send("relIdReleased", { channelId: 1 });
  assert.match(test.warnings().join(), /unknown channel ID/);
});

test("OfferedChannel.drop() takes its own offer away and no newer one (PR 1815)", () => {
  for (const revokesOwnOfferOnly of [true, false]) {
    const test = new TestServer({ revokesOwnOfferOnly });
    const first = test.server.offer(offerNumber(1));
    test.connect();
    first.revoke();
    test.send("relIdReleased", { channelId: 1 });
    test.offer(1);
    assert.deepEqual(test.names(), ["rescindChannelOffer", "offerChannel"]);
    first.drop();
    assert.deepEqual(test.names(), revokesOwnOfferOnly ? [] : ["rescindChannelOffer"]);
  }
});

test("VmbusServer panics where offers were sent that nobody had asked for (PR 1681)", () => {
  const saved = new TestServer();
  saved.offer(1);
  saved.contact();
  const state = saved.save();
  for (const offersOnlyOnRequest of [true, false]) {
    const test = new TestServer({ offersOnlyOnRequest });
    test.version = { version: VERSION.copper, featureFlags: FEATURES };
    test.offer(1);
    test.server.stop();
    test.server.restore(state);
    test.server.start();
    assert.deepEqual(test.names(), offersOnlyOnRequest ? [] : ["offerChannel"]);
    const ask = () => test.send("requestOffers", {});
    if (offersOnlyOnRequest) {
      ask();
      assert.deepEqual(test.names(), ["offerChannel", "allOffersDelivered"]);
    } else assert.throws(ask, Panic);
  }
});

test("VmbusServer refuses more channels than there are event flags", () => {
  const test = new TestServer();
  for (let number = 1; number <= 2047; number++) {
    const instance = guid(`00000000-0000-4000-8000-${`${number}`.padStart(12, "0")}`);
    test.server.offer(offerParams(INTERFACE, instance));
  }
  assert.throws(() => test.offer(2048), { message: "too many channels have been offered" });
  test.connect();
  assert.equal(test.server.channels().length, 2047);
});

test("VmbusServer gives out monitor ids until there are none", () => {
  const test = new TestServer();
  for (let number = 1; number <= 129; number++) {
    test.server.offer({ ...offerNumber(number), monitorId: "own" });
  }
  test.connect();
  const saved = test.save().server.state?.channels.map(({ monitor_id }) => monitor_id) ?? [];
  assert.equal(new Set(saved).size, 129);
  assert.ok(saved.includes(127) && saved.includes(null));
  assert.deepEqual(test.warnings(), ["Out of monitor IDs."]);
});
