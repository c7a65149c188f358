import assert from "node:assert/strict";
import { test } from "node:test";
import { Log } from "../machine/mod.ts";
import type {
  Connection,
  OpenRequest,
  VmbusServerChannel,
  VmbusServerGpadl,
  VmbusServerSavedState,
} from "../openhcl_state/mod.ts";
import { guid } from "./guid.ts";
import { keyText, offerKey, offerOf } from "./offer.ts";
import { MESSAGE_LENGTH_MAX, VERSION } from "./protocol.ts";
import { VmbusServer } from "./server.ts";
import type { ServerRules } from "./server_rules.ts";

const RULES: ServerRules = {
  versions: [VERSION.iron, VERSION.copper],
  featureFlags: 0x7,
  restoreVersionMax: null,
  pendingMessages: true,
  disconnectedState: true,
};

const OFFER = offerOf(
  5,
  guid("ba6163d9-04a1-4d29-b605-72e2ffb1dc7f"),
  guid("00000000-0000-4000-8000-000000000005"),
);
const OTHER = offerOf(6, OFFER.interface_id, guid("00000000-0000-4000-8000-000000000006"));
const KEY = keyText(OFFER);

const REQUEST: OpenRequest = {
  open_id: 1,
  ring_buffer_gpadl_id: { 0: 0xa1 },
  target_vp: 0,
  downstream_ring_buffer_page_offset: 1,
  user_data: new Uint8Array(120),
  guest_specified_interrupt_info: null,
  flags: 0,
};

const GPADL: VmbusServerGpadl = {
  id: 0xa1,
  channel_id: 5,
  count: 1,
  buf: [0x1000n, 0x77n],
  state: { variant: "Accepted", value: {} },
};

function connection(version: number, feature_flags = 0x7): Connection {
  return {
    variant: "Connected",
    value: {
      version: { version, feature_flags },
      offers_sent: true,
      interrupt_page: null,
      monitor_page: null,
      target_message_vp: 0,
      modifying: false,
      client_id: null,
      trusted: false,
      paused: false,
    },
  };
}

function fresh(rules: ServerRules = RULES, log: Log = new Log()): VmbusServer {
  const server = new VmbusServer(rules, log);
  server.offer(OFFER, null);
  return server;
}

function saved(rules: ServerRules = RULES): VmbusServerSavedState {
  const server = fresh(rules);
  server.connect(connection(VERSION.iron));
  server.open(KEY, REQUEST, [GPADL]);
  server.queue(Uint8Array.of(1, 2, 3));
  return server.save();
}

/** The saved state with its one channel changed. */
function withChannel(change: Partial<VmbusServerChannel>): VmbusServerSavedState {
  const state = saved();
  const { state: inner } = state.server;
  assert.ok(inner);
  const channels = inner.channels.map((channel) => ({ ...channel, ...change }));
  return { ...state, server: { ...state.server, state: { ...inner, channels } } };
}

test("VmbusServer restores an open channel with its GPADLs and messages", () => {
  const server = fresh();
  server.restore(saved());
  server.restoreChannel(KEY, true);
  server.postRestore();
  assert.deepEqual(server.channels(), [{ channelId: 5, open: true, gpadls: [0xa1] }]);
  assert.deepEqual(server.pendingMessages, [Uint8Array.of(1, 2, 3)]);
  assert.deepEqual(server.save(), saved());
});

test("VmbusServer.restoreChannel() refuses another open state and a missing channel", () => {
  const server = fresh();
  server.restore(saved());
  assert.throws(() => server.restoreChannel(KEY, false), {
    message: `channel ${KEY} has a mismatched open state`,
  });
  const key = server.offer(OTHER, null);
  assert.throws(() => server.restoreChannel(key, true), {
    message: `channel ${key} is missing from the saved state`,
  });
  server.restoreChannel(key, false);
});

test("VmbusServer.postRestore() revokes channels that nobody has restored", () => {
  const server = new VmbusServer(RULES, new Log());
  server.restore(saved());
  server.postRestore();
  assert.deepEqual(server.channels(), []);
});

test("VmbusServer.offer() after the restore finds its channel in the saved state", () => {
  const server = new VmbusServer(RULES, new Log());
  server.restore(saved());
  server.offer(OFFER, null);
  server.restoreChannel(KEY, true);
  server.postRestore();
  assert.ok(server.isOpen(KEY));
});

test("VmbusServer.restore() refuses versions and features that it does not have", () => {
  const state = saved();
  const at = (version: number, flags: number): VmbusServerSavedState => {
    const inner = state.server.state;
    assert.ok(inner);
    const connected = { ...inner, connection: connection(version, flags) };
    return { ...state, server: { ...state.server, state: connected } };
  };
  assert.throws(() => fresh().restore(at(0x4_0000, 0)), {
    message: "unsupported protocol version 0x40000",
  });
  assert.throws(() => fresh().restore(at(VERSION.iron, 0x8)), {
    message: "unsupported feature flags 0x8",
  });
  const limited = { ...RULES, restoreVersionMax: VERSION.iron };
  fresh(limited).restore(at(VERSION.iron, 0));
  assert.throws(() => fresh(limited).restore(at(VERSION.copper, 0)), {
    message: "unsupported protocol version 0x60000",
  });
});

test("VmbusServer.restore() refuses a monitor id that differs or comes twice", () => {
  const server = new VmbusServer(RULES, new Log());
  server.offer(OFFER, 3);
  assert.throws(() => server.restore(withChannel({ monitor_id: null })), {
    message: "mismatched monitor id; expected 3, actual None",
  });
  const twice = withChannel({ monitor_id: 4 });
  const inner = twice.server.state;
  const [channel] = inner?.channels ?? [];
  assert.ok(inner && channel);
  inner.channels.push({ ...channel, key: offerKey(OTHER), channel_id: 6 });
  assert.throws(() => fresh().restore(twice), {
    message: "monitor ID used by multiple channels in the saved state",
  });
});

test("VmbusServer.restore() refuses a second state for a channel", () => {
  const server = fresh();
  server.restore(saved());
  assert.throws(() => server.restore(saved()), {
    message: `channel ${KEY} has already been restored`,
  });
});

test("VmbusServer.restore() refuses GPADLs without a channel, twice, or too short", () => {
  const broken: readonly (readonly [VmbusServerGpadl[], string])[] = [
    [[{ ...GPADL, channel_id: 9 }], "gpadl 161 is for missing channel 9"],
    [[GPADL, GPADL], "gpadl 161 is already restored"],
    [[{ ...GPADL, count: 2 }], "invalid gpadl"],
  ];
  for (const [gpadls, message] of broken) {
    const state = saved();
    const inner = state.server.state;
    assert.ok(inner);
    const changed = { ...state, server: { ...state.server, state: { ...inner, gpadls } } };
    assert.throws(() => fresh().restore(changed), { message });
  }
  const revoked = withChannel({ state: { variant: "Revoked", value: {} } });
  assert.throws(() => fresh().restore(revoked), {
    message: "gpadl 161 is for revoked channel 5",
  });
});

test("VmbusServer.restore() refuses a message longer than any", () => {
  const state = saved();
  const pending_messages = [{ 0: new Uint8Array(MESSAGE_LENGTH_MAX + 1) }];
  assert.throws(
    () => fresh().restore({ ...state, server: { ...state.server, pending_messages } }),
    {
      message: "a saved pending message is larger than the maximum message size",
    },
  );
});

test("VmbusServer.restore() unsticks channels of a writer that lost events", () => {
  const log = new Log();
  fresh(RULES, log).restore({ ...saved(), lost_synic_bug_fixed: false });
  assert.equal(log.lines().length, 1);
});

test("VmbusServer saves neither messages nor reserved channels where the release does not", () => {
  const rules = { ...RULES, pendingMessages: false, disconnectedState: false };
  assert.deepEqual(saved(rules).server.pending_messages, []);
  assert.equal(fresh(rules).save().server.disconnected_state, null);
});

test("VmbusServer keeps reserved channels of a guest that is not connected", () => {
  const reserved = { version: { version: 0, feature_flags: 1 }, vp: 0, sint: 2 };
  reserved.version.version = VERSION.iron;
  const value = {
    params: REQUEST,
    modify_state: { variant: "NotModifying", value: {} } as const,
    reserved_state: reserved,
  };
  const channel: VmbusServerChannel = {
    key: offerKey(OFFER),
    channel_id: 5,
    offered_connection_id: 1,
    state: { variant: "Open", value },
    monitor_id: null,
  };
  const disconnected_state = { reserved_channels: [channel], reserved_gpadls: [GPADL] };
  const server = fresh();
  const state = { state: null, disconnected_state, pending_messages: [] };
  server.restore({ server: state, lost_synic_bug_fixed: true });
  assert.ok(server.isOpen(KEY));
  assert.deepEqual(server.save().server.disconnected_state, disconnected_state);
  reserved.version.version = 1;
  assert.throws(() => fresh().restore({ server: state, lost_synic_bug_fixed: true }), {
    message: "unsupported reserved channel protocol version 0x1",
  });
});
