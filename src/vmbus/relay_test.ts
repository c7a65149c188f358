import assert from "node:assert/strict";
import { test } from "node:test";
import { Stuck } from "../machine/mod.ts";
import type { VmbusRelayChannel, VmbusRelaySavedState } from "../openhcl_state/mod.ts";
import { SHARED_EVENT_FLAG, takeForGuest } from "./channel_bitmap.ts";
import { FEATURE, VERSION } from "./protocol.ts";
import { VmbusRelay } from "./relay.ts";
import { HOST_FEATURES, TestClient } from "./test_client.ts";
import { TestServer } from "./test_server.ts";

const PAGE = 0x3000n;

/** A relay between a guest and a host that both write down what they are sent. */
class TestRelay {
  readonly host = new TestClient();
  readonly guest = new TestServer();
  readonly relay: VmbusRelay;

  constructor(intercepted: readonly number[] = []) {
    const { client, surroundings } = this.host;
    this.relay = new VmbusRelay(client, this.guest.server, surroundings, new Set(intercepted));
    this.host.meanwhile = () => this.answerModify();
  }

  /** The host offers channels 3 and 4, which the guest sees as 1 and 2. */
  connectHost(): this {
    this.host.client.start();
    this.host.client.connect({ targetMessageVp: 0, monitorPages: null });
    this.host.sendVersion();
    this.host.sendOffer(3);
    this.host.sendOffer(4);
    this.host.send("allOffersDelivered", {});
    this.relay.start();
    this.host.take();
    return this;
  }

  /** The host has taken the monitor pages. */
  answerModify(): void {
    this.host.send("modifyConnectionResponse", { connectionState: 0 });
  }

  connectGuest(): this {
    this.guest.contact();
    this.answerModify();
    this.guest.send("requestOffers", {});
    this.guest.take();
    this.host.take();
    return this;
  }

  /** A guest before Windows 8, which has an interrupt page. */
  connectOldGuest(): this {
    this.guest.send("initiateContact", {
      versionRequested: VERSION.win7,
      targetMessageVp: 0,
      interruptPageOrTargetInfo: PAGE,
      parentToChildMonitorPageGpa: 0n,
      childToParentMonitorPageGpa: 0n,
    });
    this.answerModify();
    this.guest.version = { version: VERSION.win7, featureFlags: 0 };
    this.guest.send("requestOffers", {});
    this.guest.take();
    this.host.take();
    return this;
  }

  /** The guest opens channel 1 on GPADL 5, and the host takes both. */
  open(): this {
    this.guest.gpadl(1, 5);
    this.host.send("gpadlCreated", { channelId: 3, gpadlId: 5, status: 0 });
    this.guest.open(1, 5);
    this.host.send("openResult", { channelId: 3, openId: 0, status: 0 });
    this.guest.take();
    this.host.take();
    return this;
  }

  save() {
    this.relay.stop();
    this.guest.server.stop();
    const server = this.guest.server.save();
    const relay = this.relay.save();
    return { server, relay, client: this.host.save() };
  }
}

type Saved = ReturnType<TestRelay["save"]>;

function opened(): TestRelay {
  return new TestRelay().connectHost().connectGuest().open();
}

/** Client and server have taken over `saved`, and the relay has not. */
function halfRestored(saved: Saved, intercepted: readonly number[] = []): TestRelay {
  const made = new TestRelay(intercepted);
  made.guest.server.stop();
  assert.ok(made.host.client.restore(saved.client));
  made.relay.offerAll();
  made.guest.server.restore(saved.server);
  const { connection } = made.guest.server;
  made.guest.version = connection.kind === "Connected" ? connection.info.version : null;
  made.host.version = made.host.client.version;
  return made;
}

function goOn(made: TestRelay): TestRelay {
  made.host.client.postRestore();
  made.host.client.start();
  made.guest.server.start();
  made.relay.start();
  return made;
}

function changed(
  relay: VmbusRelaySavedState,
  change: Partial<VmbusRelayChannel>,
): VmbusRelaySavedState {
  const channels = relay.channels ?? [];
  return { ...relay, channels: channels.map((channel) => ({ ...channel, ...change })) };
}

test("VmbusRelay offers the guest what the host offers, under ids of the server's own", () => {
  const { guest, relay } = new TestRelay().connectHost().connectGuest();
  assert.deepEqual(
    guest.server.channels().map(({ channelId }) => channelId),
    [1, 2],
  );
  assert.deepEqual(
    relay.save().channels?.map(({ channel_id: id }) => id),
    [3, 4],
  );
});

test("VmbusRelay passes on GPADLs, opens, modifications and closes, and the answers", () => {
  const { guest, host, relay } = new TestRelay().connectHost().connectGuest();
  guest.gpadl(1, 5);
  assert.deepEqual(host.names(), ["gpadlHeader"]);
  assert.deepEqual(guest.names(), []);
  host.send("gpadlCreated", { channelId: 3, gpadlId: 5, status: 0 });
  guest.open(1, 5);
  const [open] = host.take();
  assert.ok(open);
  assert.equal(open[0], "openChannel2");
  const { channelId, openId, connectionId, eventFlag } = open[1] as Record<string, unknown>;
  // What the guest has named for its signals is named to the host.
  assert.deepEqual([channelId, openId, connectionId, eventFlag], [3, 0, 0x2001, 1]);
  host.send("openResult", { channelId: 3, openId: 0, status: 0 });
  guest.send("modifyChannel", { channelId: 1, targetVp: 2 });
  host.send("modifyChannelResponse", { channelId: 3, status: 0 });
  assert.deepEqual(guest.names(), ["gpadlCreated", "openResult", "modifyChannelResponse"]);
  assert.ok(relay.save().channels?.[0]?.is_open);
  guest.send("closeChannel", { channelId: 1 });
  guest.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
  assert.deepEqual(host.names(), ["modifyChannel", "closeChannel", "gpadlTeardown"]);
  host.send("gpadlTorndown", { gpadlId: 5 });
  assert.deepEqual(guest.names(), ["gpadlTorndown"]);
});

test("VmbusRelay passes failures on to the guest", () => {
  const { guest, host } = new TestRelay().connectHost().connectGuest();
  guest.gpadl(1, 5);
  guest.gpadl(1, 6);
  host.send("gpadlCreated", { channelId: 3, gpadlId: 5, status: -1 });
  host.send("gpadlCreated", { channelId: 3, gpadlId: 6, status: 0 });
  guest.open(1, 6);
  host.send("openResult", { channelId: 3, openId: 0, status: -1 });
  const statuses = guest.take().map(([, content]) => (content as { status: number }).status < 0);
  assert.deepEqual(statuses, [true, false, true]);
});

test("VmbusRelay asks one thing of a channel after the other, except for teardowns", () => {
  const { guest, host } = new TestRelay().connectHost().connectGuest();
  guest.gpadl(1, 5);
  guest.gpadl(1, 6);
  assert.deepEqual(host.names(), ["gpadlHeader"]);
  host.send("gpadlCreated", { channelId: 3, gpadlId: 5, status: 0 });
  assert.deepEqual(host.names(), ["gpadlHeader"]);
  host.send("gpadlCreated", { channelId: 3, gpadlId: 6, status: 0 });
  guest.send("gpadlTeardown", { channelId: 1, gpadlId: 5 });
  guest.send("gpadlTeardown", { channelId: 1, gpadlId: 6 });
  assert.deepEqual(host.names(), ["gpadlTeardown", "gpadlTeardown"]);
});

test("VmbusRelay passes signals to the host, and no interrupt that the host can signal", () => {
  const { guest, host } = opened();
  guest.server.signal(0x2001);
  assert.deepEqual(host.signals, [0x2001]);
  host.client.interrupt(1, false);
  assert.deepEqual(guest.interrupts, []);
});

test("VmbusRelay relays interrupts to a guest with an interrupt page", () => {
  const { guest, host, relay } = new TestRelay().connectHost().connectOldGuest();
  guest.gpadl(1, 5);
  host.send("gpadlCreated", { channelId: 3, gpadlId: 5, status: 0 });
  guest.open(1, 5);
  const open = host.take().at(-1);
  assert.ok(open);
  const { eventFlag, flags } = open[1] as Record<string, number>;
  assert.deepEqual([eventFlag, flags], [1, 1]);
  host.send("openResult", { channelId: 3, openId: 0, status: 0 });
  host.client.interrupt(1, true);
  assert.deepEqual(guest.interrupts, [SHARED_EVENT_FLAG]);
  assert.deepEqual(takeForGuest(guest.surroundings.memory, PAGE), [1]);
  const { use_interrupt_relay: uses, channels } = relay.save();
  assert.ok(uses);
  assert.equal(channels?.[0]?.event_flag, 1);
});

test("VmbusRelay revokes a channel that the host rescinds, once everything is answered", () => {
  const { guest, host, relay } = opened();
  guest.send("modifyChannel", { channelId: 1, targetVp: 2 });
  host.send("rescindChannelOffer", { channelId: 3 });
  assert.deepEqual(guest.take(), []);
  host.send("modifyChannelResponse", { channelId: 3, status: 0 });
  assert.deepEqual(guest.names(), ["modifyChannelResponse", "rescindChannelOffer"]);
  assert.deepEqual(host.names(), ["modifyChannel", "relIdReleased"]);
  host.sendOffer(3);
  assert.equal(relay.save().channels?.length, 2, "the id can be offered again");
});

test("VmbusRelay has a guest come down to a version that the host has", () => {
  const { guest, host } = new TestRelay();
  host.client.start();
  host.client.connect({ targetMessageVp: 0, monitorPages: null });
  host.sendVersion(null);
  const versionSupported = { versionSupported: 1, selectedVersionOrConnectionId: 4 };
  host.send("versionResponse", { ...versionSupported, connectionState: 0 });
  assert.throws(() => host.send("allOffersDelivered", {}), {
    message: "host must support required feature flags",
  });
  guest.contact();
  const [response] = guest.take();
  assert.ok(response);
  assert.equal((response[1] as { versionSupported: number }).versionSupported, 0);
});

test("VmbusRelay answers a guest with features that the host has too", () => {
  const { guest, host } = new TestRelay().connectHost();
  guest.contact(VERSION.copper, 0xff & ~FEATURE.clientId);
  host.send("modifyConnectionResponse", { connectionState: 0 });
  const [response] = guest.take();
  assert.ok(response);
  const { supportedFeatures } = response[1] as { supportedFeatures: number };
  const own = FEATURE.pauseResume;
  assert.equal(supportedFeatures & ~own, HOST_FEATURES);
});

test("VmbusRelay fails to connect where the client does", () => {
  const { host } = new TestRelay();
  host.client.start();
  host.client.connect({ targetMessageVp: 0, monitorPages: null });
  host.sendVersion(null);
  assert.throws(() => host.sendVersion(null), { message: "failed to connect to the server" });
});

test("VmbusRelay leaves channels to devices of OpenHCL", () => {
  const { guest, relay } = new TestRelay([4]).connectHost().connectGuest();
  assert.equal(guest.server.channels().length, 1);
  assert.equal(relay.save().channels?.[1]?.intercepted, true);
});

test("VmbusRelay takes offers of a running host, and logs one that is there already", () => {
  const { guest, host, relay } = new TestRelay().connectHost().connectGuest();
  host.sendOffer(5);
  assert.deepEqual(guest.names(), ["offerChannel"]);
  relay.stop();
  host.sendOffer(6);
  assert.deepEqual(guest.names(), []);
  relay.start();
  assert.deepEqual(guest.names(), ["offerChannel"]);
});

test("VmbusRelay.stop() waits for the host's answers, for ever if there are none", () => {
  const { host, guest, relay } = opened();
  guest.send("modifyChannel", { channelId: 1, targetVp: 2 });
  host.meanwhile = () => {};
  assert.throws(() => relay.stop(), Stuck);
  host.meanwhile = () => host.send("modifyChannelResponse", { channelId: 3, status: 0 });
  relay.stop();
  assert.deepEqual(guest.names(), ["modifyChannelResponse"]);
});

test("VmbusRelay keeps what a guest asks for while it is stopped, and asks for it then", () => {
  const { host, guest, relay } = opened();
  relay.stop();
  guest.send("modifyChannel", { channelId: 1, targetVp: 2 });
  assert.deepEqual(host.names(), []);
  relay.start();
  assert.deepEqual(host.names(), ["modifyChannel"]);
});

test("VmbusRelay restores an open channel and claims it from the client", () => {
  const saved = opened().save();
  const made = halfRestored(saved);
  made.relay.restore(saved.relay);
  const { guest, host } = goOn(made);
  assert.deepEqual(host.take(), []);
  assert.deepEqual(guest.take(), []);
  guest.server.signal(0x2001);
  assert.deepEqual(host.signals, [0x2001]);
  assert.deepEqual(made.save(), saved);
});

test("VmbusRelay relays interrupts again after a restore", () => {
  const saved = new TestRelay().connectHost().connectOldGuest().open().save();
  const made = halfRestored(saved);
  made.relay.restore(saved.relay);
  const { guest, host } = goOn(made);
  host.client.interrupt(1, true);
  assert.deepEqual(guest.interrupts, [SHARED_EVENT_FLAG]);
  assert.deepEqual(made.save(), saved);
});

test("VmbusRelay.restore() skips a channel that is not there any more", () => {
  const saved = opened().save();
  const { relay, host } = halfRestored(saved);
  const [channel] = saved.relay.channels ?? [];
  assert.ok(channel);
  relay.restore({ ...saved.relay, channels: [{ ...channel, channel_id: 99 }] });
  const lines = host.surroundings.log.lines();
  assert.ok(lines.some(({ text }) => text.includes("channel_id=99")));
});

test("VmbusRelay.restore() refuses channels that were or are intercepted", () => {
  const saved = opened().save();
  assert.throws(() => halfRestored(saved, [3, 4]).relay.restore(saved.relay), {
    message: "cannot restore intercepted channel 3",
  });
  const { relay } = halfRestored(saved);
  assert.throws(() => relay.restore(changed(saved.relay, { intercepted: true })), {
    message: "cannot restore an intercepted channel",
  });
});

test("VmbusRelay.restore() refuses an open state that the server does not share", () => {
  const saved = opened().save();
  assert.throws(
    () => halfRestored(saved).relay.restore(changed(saved.relay, { is_open: false })),
    /failed to restore vmbus relay channel: channel .* has a mismatched open state$/,
  );
});

test("VmbusRelay.restore() needs an event flag for a relayed interrupt", () => {
  const saved = new TestRelay().connectHost().connectOldGuest().open().save();
  assert.throws(
    () => halfRestored(saved).relay.restore(changed(saved.relay, { event_flag: null })),
    {
      message: "using an interrupt relay but no event flag was provided",
    },
  );
});

test("VmbusRelay.save() leaves out a channel that does not answer and logs an error", () => {
  const { relay, host } = opened();
  relay.silence(3);
  assert.deepEqual(
    relay.save().channels?.map(({ channel_id: id }) => id),
    [4],
  );
  assert.equal(host.surroundings.log.lines().at(-1)?.level, "error");
});

test("VmbusRelay logs an offer that its server has already", () => {
  const { guest, host } = new TestRelay().connectHost();
  guest.offer(5);
  host.sendOffer(5);
  const [text] = host.warnings().slice(-1);
  assert.match(text ?? "", /^failed to hot add offer: /);
});
