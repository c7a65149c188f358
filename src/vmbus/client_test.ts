import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic, Stuck } from "../machine/mod.ts";
import type { VmbusClientSavedState } from "../openhcl_state/mod.ts";
import { MESSAGE } from "./messages.ts";
import { CONNECTION_STATE, FEATURE, MESSAGE_LENGTH_MAX, VERSION } from "./protocol.ts";
import { ChannelDiary, HOST_FEATURES, TestClient } from "./test_client.ts";

/** A client that has taken over `state`, and is not started. */
function restored(state: VmbusClientSavedState): TestClient {
  const test = new TestClient();
  assert.ok(test.client.restore(state));
  test.version = test.client.version;
  return test;
}

const PAUSES = HOST_FEATURES | FEATURE.pauseResume;

test("VmbusClient makes contact with its newest version, and with the one before", () => {
  const test = new TestClient();
  test.client.start();
  test.client.connect({ targetMessageVp: 5, monitorPages: null });
  const [first] = test.take();
  assert.equal(first?.[0], "initiateContact2");
  const { versionRequested, targetMessageVp, interruptPageOrTargetInfo } = first[1] as {
    versionRequested: number;
    targetMessageVp: number;
    interruptPageOrTargetInfo: bigint;
  };
  assert.deepEqual([versionRequested, targetMessageVp], [VERSION.copper, 5]);
  assert.equal(interruptPageOrTargetInfo, 2n | (0x2fn << 32n));
  test.sendVersion(null);
  const [second] = test.take();
  assert.equal(second?.[0], "initiateContact");
  assert.equal((second[1] as { versionRequested: number }).versionRequested, VERSION.iron);
  test.sendVersion(null);
  assert.deepEqual(test.told, [["connected", null]]);
  assert.equal(test.client.version, null);
});

test("VmbusClient asks for offers, and is connected once all of them are there", () => {
  const test = new TestClient();
  test.client.start();
  test.client.connect({ targetMessageVp: 0, monitorPages: null });
  test.take();
  test.sendVersion();
  assert.deepEqual(test.names(), ["requestOffers"]);
  test.sendOffer(2);
  assert.deepEqual(test.told, []);
  test.send("allOffersDelivered", {});
  assert.deepEqual(test.told, [["connected", [2]]]);
  test.sendOffer(7);
  assert.deepEqual(test.told.at(-1), ["offered", 7]);
  assert.deepEqual(
    test.client.offers().map(({ channel_id: id }) => id),
    [2, 7],
  );
  assert.deepEqual(test.client.version, { version: VERSION.copper, featureFlags: HOST_FEATURES });
});

test("VmbusClient gives up where the host fails, and warns of what it did not ask for", () => {
  const test = new TestClient();
  test.client.start();
  test.client.connect({ targetMessageVp: 0, monitorPages: null });
  const failed = { versionSupported: 1, connectionState: 2, selectedVersionOrConnectionId: 0 };
  test.send("versionResponse", failed);
  assert.deepEqual(test.told, [["connected", null]]);
  test.send("versionResponse", failed);
  const { test: connected } = TestClient.connected();
  connected.client.connect({ targetMessageVp: 0, monitorPages: null });
  connected.send("allOffersDelivered", {});
  connected.send("modifyConnectionResponse", { connectionState: 0 });
  connected.send("openResult", { channelId: 1, openId: 0, status: 0 });
  connected.send("unloadComplete", {});
  assert.equal(test.warnings().length + connected.warnings().length, 6);
});

test("VmbusClient panics at what a host may not send", () => {
  const offer = (test: TestClient) => test.sendOffer(1);
  const cases: readonly (readonly [(test: TestClient) => void, RegExp])[] = [
    [offer, /channel should not exist: channel ChannelId\(1\) exists/],
    [(test) => test.send("rescindChannelOffer", { channelId: 9 }), /ChannelId\(9\) not found/],
    [
      (test) => test.send("gpadlCreated", { channelId: 1, gpadlId: 3, status: 0 }),
      /GpadlCreated for unknown gpadl 0x3/,
    ],
    [
      (test) => test.send("gpadlCreated", { channelId: 1, gpadlId: 0xa1, status: 0 }),
      /invalid state Created for gpadl 0x1:0xa1/,
    ],
    [(test) => test.send("gpadlTorndown", { gpadlId: 0xa1 }), /not in teardown list/],
    [
      (test) => test.send("modifyChannelResponse", { channelId: 1, status: 0 }),
      /unexpected modify channel response/,
    ],
    [(test) => test.send("requestOffers", {}), /Client received server message/],
    [(test) => test.send("pauseResponse", {}), /Result::unwrap/],
  ];
  for (const [act, message] of cases) {
    const { test } = TestClient.opened();
    assert.throws(
      () => act(test),
      (error: Error) => error instanceof Panic && message.test(error.message),
    );
  }
  const { test } = TestClient.opened();
  test.send("rescindChannelOffer", { channelId: 1 });
  assert.throws(() => test.send("rescindChannelOffer", { channelId: 1 }), /already revoked/);
});

test("VmbusClient modifies its connection once at a time, where the host can", () => {
  const { test } = TestClient.connected();
  test.client.modifyConnection({ parentToChild: 0x1000n, childToParent: 0x2000n });
  assert.deepEqual(test.take(), [
    [
      "modifyConnection",
      { parentToChildMonitorPageGpa: 0x1000n, childToParentMonitorPageGpa: 0x2000n },
    ],
  ]);
  test.client.modifyConnection(null);
  const failed = CONNECTION_STATE.failedUnknownFailure;
  assert.deepEqual(test.told.at(-1), ["modified", failed]);
  test.send("modifyConnectionResponse", { connectionState: 0 });
  assert.deepEqual(test.told.at(-1), ["modified", 0]);
  const plain = TestClient.connected({}, HOST_FEATURES & ~FEATURE.modifyConnection).test;
  plain.client.modifyConnection(null);
  assert.deepEqual(plain.told.at(-1), ["modified", failed]);
  assert.deepEqual(plain.take(), []);
});

test("VmbusClient queues what the host has no room for, in order", () => {
  const { test, host } = TestClient.opened();
  test.takes = false;
  host.modify(3);
  host.close();
  assert.equal(test.client.queued.length, 2);
  test.takes = true;
  test.client.wake();
  assert.deepEqual(test.names(), ["modifyChannel", "closeChannel"]);
});

test("VmbusClient takes leave of the host", () => {
  const { test } = TestClient.connected();
  test.client.unload();
  assert.deepEqual(test.names(), ["unload"]);
  test.send("unloadComplete", {});
  assert.deepEqual(test.told.at(-1), ["unloaded"]);
  assert.throws(() => test.client.unload(), Panic);
});

test("VmbusClient saves channels and GPADLs, and restores them unclaimed", () => {
  const state = TestClient.opened().test.save();
  const test = restored(state);
  test.client.use(1, new ChannelDiary()).restoreOpened(0x2001, null);
  test.client.postRestore();
  test.client.start();
  assert.deepEqual(test.take(), []);
  assert.deepEqual(test.save(), state);
});

test("VmbusClient.postRestore() closes an open channel that nobody claims", () => {
  const test = restored(TestClient.opened().test.save());
  test.client.postRestore();
  test.client.start();
  assert.deepEqual(test.take(), [
    ["closeChannel", { channelId: 1 }],
    ["gpadlTeardown", { channelId: 1, gpadlId: 0xa1 }],
  ]);
  test.send("gpadlTorndown", { gpadlId: 0xa1 });
  const { gpadls, channels } = test.save();
  assert.deepEqual(gpadls, []);
  assert.equal(channels[0]?.state.variant, "Offered");
});

test("VmbusClient.save() releases the id of a revoked channel that is still used (PR 977)", () => {
  const { test } = TestClient.connected();
  test.send("rescindChannelOffer", { channelId: 1 });
  assert.deepEqual(test.take(), []);
  const { channels, pending_messages: pending } = test.save();
  assert.deepEqual(
    channels.map(({ id }) => id),
    [2],
  );
  assert.deepEqual(pending, [{ data: MESSAGE.relIdReleased.encode({ channelId: 1 }) }]);
  const early = TestClient.connected({ keepsRevokedIds: false }).test;
  early.send("rescindChannelOffer", { channelId: 1 });
  assert.deepEqual(early.names(), ["relIdReleased"]);
});

test("VmbusClient.save() panics in states that have no saved form", () => {
  const states: readonly (readonly [() => TestClient, RegExp])[] = [
    [
      () => {
        const test = new TestClient();
        test.client.start();
        test.client.connect({ targetMessageVp: 0, monitorPages: null });
        return test;
      },
      /Cannot save in Connecting state\./,
    ],
    [
      () => {
        const { test } = TestClient.connected();
        test.client.unload();
        return test;
      },
      /Cannot save in Disconnecting state\./,
    ],
    [
      () => {
        const { test, host } = TestClient.opened();
        host.close();
        host.open({ ...OPEN_AGAIN });
        return test;
      },
      /Cannot save channel in opening state\./,
    ],
    [
      () => {
        const { test, host } = TestClient.opened();
        host.gpadl(0xa2, { count: 1, octets: new Uint8Array(16) });
        return test;
      },
      /Cannot save gpadl in offered state\./,
    ],
    [
      () => {
        const { test, host } = TestClient.opened();
        host.modify(3);
        return test;
      },
      /Cannot save a channel that is being modified\./,
    ],
  ];
  for (const [make, message] of states) {
    assert.throws(
      () => make().save(),
      (error: Error) => error instanceof Panic && message.test(error.message),
    );
  }
  assert.throws(() => TestClient.connected().test.client.save(), Panic);
});

const OPEN_AGAIN = {
  ringGpadlId: 0xa1,
  targetVp: 1,
  ringOffset: 4,
  userData: new Uint8Array(120),
  eventFlag: 1,
  connectionId: 0x2001,
  redirected: false,
};

test("VmbusClient.stop() waits for what the host owes to revoked channels (PR 1100)", () => {
  const { test, host, diary } = TestClient.opened();
  host.gpadl(0xa2, { count: 1, octets: new Uint8Array(16) });
  test.send("rescindChannelOffer", { channelId: 1 });
  assert.throws(() => test.client.stop(), Stuck);
  test.meanwhile = () => test.send("gpadlCreated", { channelId: 1, gpadlId: 0xa2, status: -1 });
  test.client.stop();
  assert.deepEqual(diary.entries, [["revoked"], ["gpadlCreated", 0xa2, false]]);
});

test("VmbusClient releases a revoked channel when all is answered, or panics then", () => {
  for (const awaitsRevoked of [true, false]) {
    const { test, host } = TestClient.opened({ awaitsRevoked });
    host.modify(3);
    test.take();
    test.send("rescindChannelOffer", { channelId: 1 });
    host.release();
    assert.deepEqual(test.names(), awaitsRevoked ? [] : ["relIdReleased"]);
    const answer = () => test.send("modifyChannelResponse", { channelId: 1, status: 0 });
    if (!awaitsRevoked) assert.throws(answer, /ChannelId\(1\) not found/);
    else {
      answer();
      assert.deepEqual(test.names(), ["relIdReleased"]);
    }
  }
});

test("VmbusClient.stop() pauses a host that can, and the next start resumes it", () => {
  const { test } = TestClient.connected({}, PAUSES);
  test.client.stop();
  assert.deepEqual(test.names(), ["pause"]);
  const { pending_messages: pending } = test.client.save();
  assert.deepEqual(pending, [{ data: MESSAGE.resume.encode({}) }]);
  assert.deepEqual(test.client.post(MESSAGE.unload.encode({}), null), false);
  test.client.start();
  assert.deepEqual(test.names(), ["resume"]);
});

test("VmbusClient takes no message while it is stopped", () => {
  const { test } = TestClient.connected();
  test.client.stop();
  assert.ok(!test.client.post(MESSAGE.allOffersDelivered.encode({}), null));
  test.client.start();
  assert.ok(test.client.post(MESSAGE.allOffersDelivered.encode({}), null));
});

test("VmbusClient.start() and stop() panic where they cannot be", () => {
  const test = new TestClient();
  assert.throws(() => test.client.stop(), Panic);
  test.client.start();
  test.client.start();
  const strict = new TestClient({ startsTwice: false });
  strict.client.start();
  assert.throws(() => strict.client.start(), Panic);
  assert.throws(() => strict.client.restore(TestClient.opened().test.save()), Panic);
});

test("VmbusClient.restore() does nothing for a client that was disconnected", () => {
  const empty = new TestClient();
  empty.client.start();
  const state = empty.save();
  assert.equal(state.client_state.variant, "Disconnected");
  const test = new TestClient();
  assert.ok(!test.client.restore(state));
  assert.deepEqual(test.client.offers(), []);
});

test("VmbusClient.restore() refuses what it cannot continue", () => {
  const state = TestClient.opened().test.save();
  const [channel] = state.channels;
  const [gpadl] = state.gpadls;
  assert.ok(channel && gpadl);
  const connected = (version: number, feature_flags: number): Partial<VmbusClientSavedState> => ({
    client_state: { variant: "Connected", value: { version, feature_flags } },
  });
  const broken: readonly (readonly [Partial<VmbusClientSavedState>, string])[] = [
    [connected(0x4_0000, 0), "unsupported protocol version 0x40000"],
    [connected(VERSION.copper, 0x17), "unsupported feature flags 0x17"],
    [
      { channels: [channel, channel] },
      "failed to offer restored channel: channel ChannelId(1) exists",
    ],
    [{ gpadls: [gpadl, gpadl] }, "duplicate gpadl id 161"],
    [{ gpadls: [{ ...gpadl, channel_id: 9 }] }, "gpadl for unknown channel id 9"],
    [
      { pending_messages: [{ data: new Uint8Array(MESSAGE_LENGTH_MAX + 1) }] },
      "invalid pending message",
    ],
  ];
  for (const [change, message] of broken) {
    assert.throws(() => restored({ ...state, ...change }), { message });
  }
  const data = new Uint8Array(MESSAGE_LENGTH_MAX);
  const longest = restored({ ...state, pending_messages: [{ data }] });
  assert.equal(longest.client.queued.length, 1);
  const torn = { ...gpadl, state: { variant: "TearingDown", value: {} } as const };
  const twice = [torn, { ...torn, channel_id: 2 }];
  assert.throws(() => restored({ ...state, gpadls: twice }), Panic);
});
