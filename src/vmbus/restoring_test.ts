import assert from "node:assert/strict";
import { test } from "node:test";
import { Panic } from "../machine/mod.ts";
import type {
  VmbusServerChannel,
  VmbusServerGpadl,
  VmbusServerSavedState,
} from "../openhcl_state/mod.ts";
import { keyText } from "./offer.ts";
import { MESSAGE_LENGTH_MAX, VERSION } from "./protocol.ts";
import type { HeldKind } from "./ring_device.ts";
import type { ServerRules } from "./server_rules.ts";
import { FEATURES, offerNumber, TestServer } from "./test_server.ts";

const KEY = keyText(offerNumber(1).key);

type Connected = NonNullable<VmbusServerSavedState["server"]["state"]>;

/** The state of a server with channel 1 open. */
function saved(): VmbusServerSavedState {
  return TestServer.opened().test.save();
}

function changed(change: (state: Connected) => Partial<Connected>): VmbusServerSavedState {
  const all = saved();
  const { state } = all.server;
  assert.ok(state);
  return { ...all, server: { ...all.server, state: { ...state, ...change(state) } } };
}

function withChannel(change: Partial<VmbusServerChannel>): VmbusServerSavedState {
  return changed(({ channels }) => ({
    channels: channels.map((each) => ({ ...each, ...change })),
  }));
}

function withGpadls(change: (gpadl: VmbusServerGpadl) => VmbusServerGpadl[]) {
  return changed(({ gpadls }) => ({ gpadls: gpadls.flatMap(change) }));
}

/** A server with channel 1 offered that has taken over `state`, not started yet. */
function restoring(state: VmbusServerSavedState, rules: Partial<ServerRules> = {}) {
  const test = new TestServer(rules);
  test.server.stop();
  const device = test.offer(1);
  test.version = { version: VERSION.copper, featureFlags: FEATURES };
  test.server.restore(state);
  return { test, device };
}

/** Saved with answers of these kinds kept after `act`, and restored with the device `open`. */
function interrupted(
  held: readonly HeldKind[],
  act: (test: TestServer) => void,
  open: boolean,
  rules: Partial<ServerRules> = {},
) {
  const { test, device } = TestServer.opened();
  device.hold(held);
  act(test);
  const restored = restoring(test.save(), rules);
  restored.device.restore(open);
  restored.test.server.start();
  return restored;
}

test("VmbusServer restores an open channel with its GPADLs, and saves the same again", () => {
  const { test, device } = restoring(saved());
  device.restore(true);
  test.server.start();
  assert.deepEqual(test.take(), []);
  assert.deepEqual(
    test.server.channels().map(({ channelId, open, gpadls }) => ({ channelId, open, gpadls })),
    [{ channelId: 1, open: true, gpadls: [5] }],
  );
  assert.deepEqual(test.save(), saved());
});

test("VmbusServer restores a channel that is offered after its state", () => {
  const test = new TestServer();
  test.server.stop();
  test.server.restore(saved());
  test.offer(1).restore(true);
  test.server.start();
  assert.deepEqual(test.states().channels, ["Open"]);
});

test("OfferedChannel.restore() refuses another state, no channel, a second time", () => {
  const closed = restoring(saved());
  assert.throws(() => closed.device.restore(false), {
    message: `channel ${KEY} has a mismatched open state`,
  });
  const open = restoring(withChannel({ state: { variant: "Closed", value: {} } }));
  assert.throws(() => open.device.restore(true), {
    message: `channel ${KEY} has a mismatched open state`,
  });
  const other = open.test.offer(2);
  other.restore(false);
  assert.throws(() => other.restore(true), /is missing from the saved state$/);
  const { device } = restoring(saved());
  device.restore(true);
  assert.throws(() => device.restore(true), {
    message: `channel ${KEY} has already been restored`,
  });
});

test("VmbusServer.start() revokes what nobody offers, and offers anew what nobody claims", () => {
  const gone = new TestServer();
  gone.server.stop();
  gone.version = { version: VERSION.copper, featureFlags: FEATURES };
  gone.server.restore(saved());
  gone.server.start();
  assert.deepEqual(gone.names(), ["rescindChannelOffer"]);
  gone.send("relIdReleased", { channelId: 1 });
  assert.deepEqual(gone.states().channels, []);
  const { test } = restoring(saved());
  test.server.start();
  assert.deepEqual(test.names(), ["rescindChannelOffer"]);
  test.send("relIdReleased", { channelId: 1 });
  assert.deepEqual(test.names(), ["offerChannel"]);
});

test("VmbusServer.start() leaves a closed channel alone only under PR 3649", () => {
  for (const keepsUnclaimedClosed of [true, false]) {
    const state = changed(({ channels }) => ({
      channels: channels.map((each) => ({ ...each, state: { variant: "Closed", value: {} } })),
      gpadls: [],
    }));
    const { test } = restoring(state, { keepsUnclaimedClosed });
    test.server.start();
    assert.deepEqual(test.names(), keepsUnclaimedClosed ? [] : ["rescindChannelOffer"]);
  }
});

test("VmbusServer.start() offers a new channel to a guest that has asked for offers", () => {
  const { test, device } = restoring(saved());
  device.restore(true);
  test.offer(2);
  test.server.start();
  assert.deepEqual(test.names(), ["offerChannel"]);
});

test("VmbusServer.start() asks devices a second time without a restore before PR 2879", () => {
  for (const revokesOnlyAfterRestore of [true, false]) {
    const { test, device } = TestServer.opened({ revokesOnlyAfterRestore });
    device.hold(["teardown"]);
    test.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
    test.server.stop();
    if (revokesOnlyAfterRestore) test.server.start();
    else assert.throws(() => test.server.start(), /gpadl 0x5 is being torn down already/);
  }
});

test("VmbusServer opens again what was being opened, or takes it as open", () => {
  const act = (test: TestServer) => {
    test.send("closeChannel", { channelId: 1 });
    test.open(1, 5);
    test.take();
  };
  for (const open of [true, false]) {
    const { test, device } = interrupted(["open"], act, open);
    assert.deepEqual(test.names(), ["openResult"]);
    assert.deepEqual(test.states().channels, ["Open"]);
    assert.ok(device.isOpen);
  }
});

test("VmbusServer closes again what was being closed, or takes it as closed", () => {
  const act = (test: TestServer) => test.send("closeChannel", { channelId: 1 });
  for (const open of [true, false]) {
    const { test, device } = interrupted(["close"], act, open);
    assert.deepEqual(test.states().channels, ["Closed"]);
    assert.ok(!device.isOpen);
  }
});

test("VmbusServer opens a channel that was closing and asked for again", () => {
  const act = (test: TestServer) => {
    test.send("closeChannel", { channelId: 1 });
    test.open(1, 5);
  };
  for (const open of [true, false]) {
    const { test } = interrupted(["close"], act, open);
    assert.deepEqual(test.names(), ["openResult"]);
    assert.deepEqual(test.states().channels, ["Open"]);
  }
});

test("VmbusServer modifies a channel again that was being modified, or never answers", () => {
  const act = (test: TestServer) => test.send("modifyChannel", { channelId: 1, targetVp: 3 });
  for (const repeatsModify of [true, false]) {
    const { test } = interrupted(["modify"], act, true, { repeatsModify });
    assert.deepEqual(test.names(), repeatsModify ? ["modifyChannelResponse"] : []);
    act(test);
    assert.equal(test.names().length, repeatsModify ? 1 : 0);
  }
});

test("VmbusServer asks devices again for GPADLs that are offered or torn down", () => {
  const offered = interrupted(["gpadl"], (test) => test.gpadl(1, 6), true);
  assert.deepEqual(offered.test.names(), ["gpadlCreated"]);
  const tearing = (test: TestServer) => test.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
  const torn = interrupted(["teardown"], tearing, true);
  assert.deepEqual(torn.test.names(), ["gpadlTorndown"]);
});

test("VmbusServer goes on disconnecting, and asks its relay again", () => {
  const { test, device } = TestServer.opened();
  device.hold(["close"]);
  test.send("unload", {});
  const state = test.save();
  assert.equal(state.server.state?.connection.variant, "Disconnecting");
  const restored = restoring(state);
  assert.throws(() => restored.device.restore(true), /is missing from the saved state$/);
  restored.test.server.start();
  assert.deepEqual(restored.test.names(), ["unloadComplete"]);
});

test("VmbusServer goes on with contact that the relay has not answered", () => {
  const test = new TestServer();
  test.server.relayTo({ modifyConnection: () => {} });
  test.contact(VERSION.iron, 0);
  test.contact();
  const state = test.save();
  assert.equal(state.server.state?.connection.variant, "Connecting");
  const { test: restored } = restoring(state);
  restored.server.start();
  assert.deepEqual(restored.names(), ["versionResponse", "versionResponse2"]);
});

test("VmbusServer modifies a connection again that was being modified", () => {
  const test = new TestServer();
  test.server.relayTo({ modifyConnection: () => {} });
  test.contact();
  test.server.relayAnswered({ connectionState: 0, featureFlags: FEATURES });
  test.send("modifyConnection", {
    parentToChildMonitorPageGpa: 0x1000n,
    childToParentMonitorPageGpa: 0x2000n,
  });
  const { test: restored } = restoring(test.save());
  assert.deepEqual(restored.names(), ["modifyConnectionResponse"]);
});

test("VmbusServer goes on with a GPADL whose bodies are missing", () => {
  const { test } = TestServer.opened();
  test.room = 9;
  test.gpadl(1, 9, 60);
  const whole = test.save();
  const parts = (state: VmbusServerSavedState, buf: bigint[]) =>
    state.server.state?.gpadls.map((gpadl) =>
      gpadl.id === 9 ? { ...gpadl, buf, state: { variant: "InProgress", value: {} } } : gpadl,
    ) as VmbusServerGpadl[];
  const words = whole.server.state?.gpadls.find(({ id }) => id === 9)?.buf ?? [];
  const inProgress = changed(() => ({ gpadls: parts(whole, words.slice(0, 27)) }));
  const { test: restored, device } = restoring(inProgress);
  device.restore(true);
  restored.server.start();
  const data = new Uint8Array(8 * 34);
  for (const [index, word] of words.slice(27).entries()) {
    for (let octet = 0; octet < 8; octet++) {
      data[index * 8 + octet] = Number((word >> BigInt(8 * octet)) & 0xffn);
    }
  }
  restored.send("gpadlBody", { gpadlId: 9 }, data.subarray(0, 28 * 8));
  assert.deepEqual(restored.take(), []);
  restored.send("gpadlBody", { gpadlId: 9 }, data.subarray(28 * 8));
  assert.deepEqual(restored.names(), ["gpadlCreated"]);
});

test("VmbusServer.restore() refuses versions and features that it does not have", () => {
  const at = (version: number, feature_flags: number) =>
    changed(({ connection }) => {
      assert.ok(connection.variant === "Connected");
      const value = { ...connection.value, version: { version, feature_flags } };
      return { connection: { variant: "Connected", value } };
    });
  assert.throws(() => restoring(at(0x6_0001, 0)), {
    message: "unsupported protocol version 0x60001",
  });
  assert.throws(() => restoring(at(VERSION.copper, 0x80)), {
    message: "unsupported feature flags 0x80",
  });
  restoring(at(VERSION.copper, 0x08));
  assert.throws(() => restoring(at(VERSION.iron, 0x7)), {
    message: "unsupported feature flags 0x7",
  });
  restoring(at(VERSION.iron, 0x7), { flagsNeedCopper: false });
  // What limits contact does not limit a restore, since 3715.
  restoring(at(VERSION.copper, 0), { versionMax: VERSION.iron });
  assert.throws(
    () => restoring(at(VERSION.copper, 0), { versionMax: VERSION.iron, limitsRestore: true }),
    { message: "unsupported protocol version 0x60000" },
  );
  const limited = { restoreVersionMax: VERSION.iron };
  restoring(at(VERSION.iron, 0), limited);
  assert.throws(() => restoring(at(VERSION.copper, 0), limited), {
    message: "unsupported protocol version 0x60000",
  });
});

test("VmbusServer.restore() refuses a monitor id of the host that differs", () => {
  const test = new TestServer();
  test.server.stop();
  test.server.offer({ ...offerNumber(1), monitorId: 3 });
  assert.throws(() => test.server.restore(withChannel({ monitor_id: null })), {
    message: "mismatched monitor id; expected 3, actual None",
  });
  const late = new TestServer();
  late.server.stop();
  late.server.restore(withChannel({ monitor_id: 4 }));
  assert.throws(() => late.server.offer({ ...offerNumber(1), monitorId: 3 }), {
    message: "mismatched monitor ID from saved state; expected Some(4), actual 3",
  });
});

test("OfferedChannel.restore() refuses a monitor id that two channels have", () => {
  const state = changed(({ channels: [channel] }) => {
    assert.ok(channel);
    const closed = { variant: "Closed", value: {} } as const;
    const second = { ...channel, key: offerNumber(2).key, channel_id: 2, state: closed };
    return { channels: [channel, second].map((each) => ({ ...each, monitor_id: 4 })) };
  });
  const test = new TestServer();
  test.server.stop();
  const [first, second] = [1, 2].map((number) =>
    test.server.offer({ ...offerNumber(number), monitorId: "own" }),
  );
  test.server.restore(state);
  first?.restore(true, () => {});
  assert.throws(() => second?.restore(false, () => {}), {
    message: "monitor ID used by multiple channels in the saved state",
  });
});

test("VmbusServer.restore() refuses a second state and ids that cannot be", () => {
  const { test } = restoring(saved());
  assert.throws(() => test.server.restore(saved()), {
    message: `channel ${KEY} has already been restored`,
  });
  for (const channel_id of [0, 2048]) {
    assert.throws(() => restoring(withChannel({ channel_id })), {
      message: `the channel ID ${channel_id} is not valid for this operation`,
    });
  }
  const twice = changed(({ channels: [channel] }) => {
    assert.ok(channel);
    return { channels: [channel, { ...channel, key: offerNumber(2).key }] };
  });
  assert.throws(() => restoring(twice), { message: "the channel ID 1 is already in use" });
});

test("VmbusServer.restore() refuses GPADLs without a channel, twice, or too short", () => {
  const broken: readonly (readonly [VmbusServerSavedState, string])[] = [
    [withGpadls((gpadl) => [{ ...gpadl, channel_id: 9 }]), "gpadl 5 is for missing channel 9"],
    [withGpadls((gpadl) => [gpadl, gpadl]), "gpadl 5 is already restored"],
    [withGpadls((gpadl) => [{ ...gpadl, count: 2 }]), "invalid gpadl: empty range"],
    [
      withGpadls((gpadl) => [{ ...gpadl, buf: gpadl.buf.slice(0, 3) }]),
      "invalid gpadl: range too small",
    ],
  ];
  for (const [state, message] of broken) assert.throws(() => restoring(state), { message });
});

test("VmbusServer.restore() refuses GPADLs of a revoked channel that wait for its device", () => {
  const revoked = (variant: "Offered" | "Accepted" | "TearingDown") =>
    changed(({ channels, gpadls }) => ({
      channels: channels.map((each) => ({ ...each, state: { variant: "Revoked", value: {} } })),
      gpadls: gpadls.map((gpadl) => ({ ...gpadl, state: { variant, value: {} } })),
    }));
  const message = "gpadl 5 is for revoked channel 1";
  assert.throws(() => restoring(revoked("Offered")), { message });
  assert.throws(() => restoring(revoked("TearingDown")), { message });
  const { test, device } = restoring(revoked("Accepted"));
  device.restore(false);
  test.server.start();
  assert.deepEqual(test.states().channels, ["Reoffered"]);
  test.send("relIdReleased", { channelId: 1 });
  assert.deepEqual(test.names(), ["offerChannel"]);
});

test("VmbusServer.restore() panics at incomplete GPADLs of one id", () => {
  const state = changed(({ channels: [channel], gpadls: [gpadl] }) => {
    assert.ok(channel && gpadl);
    const progress = { variant: "InProgress", value: {} } as const;
    return {
      channels: [channel, { ...channel, key: offerNumber(2).key, channel_id: 2 }],
      gpadls: [1, 2].map((channel_id) => ({ ...gpadl, channel_id, state: progress })),
    };
  });
  assert.throws(() => restoring(state), Panic);
});

test("VmbusServer.restore() refuses a message longer than any", () => {
  const state = saved();
  const at = (length: number) => {
    const pending_messages = [{ 0: new Uint8Array(length) }];
    return { ...state, server: { ...state.server, pending_messages } };
  };
  const { test } = restoring(at(MESSAGE_LENGTH_MAX));
  assert.equal(test.server.pendingMessages.length, 1);
  assert.throws(() => restoring(at(MESSAGE_LENGTH_MAX + 1)), {
    message: "a saved pending message is larger than the maximum message size",
  });
});

test("VmbusServer signals who may have missed it, after a writer that lost events", () => {
  const { test, device } = TestServer.opened();
  const state = test.save();
  for (const lost_synic_bug_fixed of [true, false]) {
    const restored = restoring({ ...state, lost_synic_bug_fixed });
    restored.device.restore(true);
    let signals = 0;
    restored.device.signaled = () => {
      signals++;
    };
    const control = restored.test.surroundings.memory.writable(0x1000);
    control[0] = 8;
    restored.test.surroundings.memory.writable(0x1004)[0] = 8;
    restored.test.server.start();
    assert.equal(signals, lost_synic_bug_fixed ? 0 : 1);
    assert.deepEqual(restored.test.interrupts, lost_synic_bug_fixed ? [] : [1]);
  }
  assert.ok(device.isOpen);
});

test("VmbusServer saves neither messages nor reserved channels where the release does not", () => {
  const rules = { pendingMessages: false, disconnectedState: false };
  const test = new TestServer(rules);
  test.room = 0;
  test.connect();
  assert.ok(test.server.pendingMessages.length > 0);
  assert.deepEqual(test.save().server.pending_messages, []);
  assert.equal(new TestServer(rules).save().server.disconnected_state, null);
  assert.deepEqual(new TestServer().save().server.disconnected_state, {
    reserved_channels: [],
    reserved_gpadls: [],
  });
});

test("VmbusServer keeps reserved channels of a guest that is not connected", () => {
  const test = new TestServer();
  test.offer(1);
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
  const state = test.save();
  assert.equal(state.server.state, null);
  const { test: restored, device } = restoring(state);
  device.restore(true);
  restored.server.start();
  assert.deepEqual(restored.states().channels, ["Open"]);
  assert.deepEqual(restored.save(), state);
  const [channel] = state.server.disconnected_state?.reserved_channels ?? [];
  assert.ok(channel?.state.variant === "Open" && channel.state.value.reserved_state);
  channel.state.value.reserved_state.version.version = 1;
  assert.throws(() => restoring(state), {
    message: "unsupported reserved channel protocol version 0x1",
  });
  channel.state.value.reserved_state.version.version = VERSION.win8_1;
  assert.throws(() => restoring(state), /unsupported reserved channel/);
});

test("VmbusServer.fork() goes on apart from the original", () => {
  const { test } = TestServer.opened();
  const copy = new TestServer();
  const server = test.server.fork(copy.surroundings, (device, channel) => {
    return (device as typeof first).fork(copy.surroundings.memory, channel);
  });
  const first = test.offer(2);
  server.attach(copy);
  copy.version = test.version;
  const close = { channelId: 1 };
  server.post(new Uint8Array([7, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]));
  assert.deepEqual(
    server.channels().map(({ open }) => open),
    [false],
  );
  assert.deepEqual(test.states().channels, ["Open", "Closed"]);
  test.send("closeChannel", close);
  assert.deepEqual(test.states().channels, ["Closed", "Closed"]);
});
